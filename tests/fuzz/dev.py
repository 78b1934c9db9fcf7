import sys, time, json
from tests.fuzz import place

with place.running(keep=False) as target:
    json.dump(
        {
            "base_url": target.base_url,
            "api_key": target.api_key,
            "client_id": target.client_id,
            "client_secret": target.client_secret,
        },
        open("/tmp/v1/clients_target.json", "w"),
    )
    print("up", target.base_url, flush=True)
    while True:
        time.sleep(1)
