"""`OMNITRON_CLIENT_SETTINGS` as the client reads it (contract 1.2)."""

import pytest

from channels_app.connectors.omnitron import SettingsUnreadable, Timeouts, read_settings


def the_guides(**more) -> dict:
    return {
        "auth": {"username": "oms", "password": "nobody-may-see"},
        "urls": {
            "oms_url": "https://omni.example/api/v1",
            "base_url": "https://omni.example/api/v1",
        },
        "timeouts": {"read": 6000, "connect": 6000},
        "endpoint_conf": [
            {
                "endpoint": "orders",
                "base_url": "https://sc.example/api/v1/applications/oms",
                "auth": {"token": "t1"},
            },
            {"endpoint": "new_thing", "base_url": "https://sc.example", "auth": {"token": "t2"}},
        ],
        **more,
    }


def test_the_guides_example_is_read():
    settings = read_settings(the_guides())

    assert settings.is_seller_center is True
    assert settings.of("order").token == "t1"
    assert settings.of("products").token == ""
    assert settings.unknown == ("new_thing",)


def test_seconds_beyond_reason_do_not_hang_a_worker():
    settings = read_settings(the_guides())

    assert settings.timeouts == Timeouts(connect=60.0, read=300.0)


def test_without_redirected_orders_it_is_mode_a():
    settings = read_settings(the_guides(endpoint_conf=None))

    assert settings.is_seller_center is False
    assert settings.origins == {"https://omni.example"}


def test_secrets_are_not_shown():
    shown = repr(read_settings(the_guides()))

    assert "nobody-may-see" not in shown
    assert "t1" not in shown


@pytest.mark.parametrize(
    ("value", "place"),
    [
        (None, "json_value"),
        ({}, "auth"),
        (the_guides(urls={}), "urls.base_url"),
        (the_guides(auth={"username": "oms", "password": 5}), "auth.password"),
        (the_guides(timeouts={"read": 0}), "timeouts.read"),
        (the_guides(endpoint_conf={"a": 1}), "endpoint_conf"),
        (the_guides(endpoint_conf=[{"endpoint": 5}]), "endpoint_conf[0].endpoint"),
    ],
)
def test_what_cannot_be_read_is_named_by_its_place(value, place):
    with pytest.raises(SettingsUnreadable) as refused:
        read_settings(value)

    assert refused.value.place == place
    assert "nobody-may-see" not in str(refused.value)
