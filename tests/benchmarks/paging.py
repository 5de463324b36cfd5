"""How the practice broker bears many orders: ``python -m tests.benchmarks.paging``.

Ratios count, milliseconds do not: a broker with 10,000 orders beside one with 1,000, in turns, from its start to the
first answer and through all pages of all accounts. What ten times the orders cost should be about ten times as much.
"""

from __future__ import annotations

import time
from statistics import median

import httpx

from blotter.paper.settings import PaperSettings
from tests.paper.serving import serving

ROUNDS = 3
FEW, MANY = 1_000, 10_000


def walk(client: httpx.Client, account: str) -> int:
    """Page through an account's list; gives the number of its orders."""
    count, cursor = 0, 0
    while True:
        asked = {"limit": 500, "cursor": cursor}
        page = client.get(f"/v2/accounts/{account}/orders", params=asked).raise_for_status().json()
        count += len(page["orders"] or [])
        cursor = page["nextCursor"]
        if cursor == 0:
            return count


def run(orders: int) -> tuple[float, float, int]:
    """Milliseconds to the first answer and for paging, and how many orders there were."""
    settings = PaperSettings(orders=orders, rate=0)
    begun = time.perf_counter()
    with serving(settings) as broker, broker.client() as client:
        accounts = client.get("/v2/users/me/accounts").raise_for_status().json()["accounts"]
        answered = time.perf_counter()
        count = sum(walk(client, account["trading_account_id"]) for account in accounts)
        walked = time.perf_counter()
    return (answered - begun) * 1000, (walked - answered) * 1000, count


def main() -> None:
    rounds = [(run(FEW), run(MANY)) for _ in range(ROUNDS)]
    (few, many) = rounds[0][0][2], rounds[0][1][2]
    print(f"{few:,} and {many:,} orders in the lists, 1/{many / few:.0f}")  # noqa: T201
    for index, what in enumerate(("first answer", "all pages")):
        less, more = (median(each[size][index] for each in rounds) for size in (0, 1))
        print(f"{what:>12}, ms: {less:8.0f} {more:8.0f} 1/{more / less:.0f}")  # noqa: T201


if __name__ == "__main__":
    main()
