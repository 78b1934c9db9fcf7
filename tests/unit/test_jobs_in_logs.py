from oms.celery import app
from oms.kernel import logs


@app.task(name="tests.tell", shared=False)
def tell() -> dict[str, str]:
    return logs.current()


def test_lines_written_by_a_job_say_which_one_it_is():
    result = tell.apply()

    assert result.get() == {"job": "tests.tell", "job_id": result.id}
    assert logs.current() == {}
