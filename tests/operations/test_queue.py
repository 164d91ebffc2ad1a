"""What the worker itself does may send messages and mail: its own queue is open meanwhile."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import text

from service.operations import jobs, outbox, runtime
from service.operations.runtime import Runtime
from service.store.queue import worker_app
from service.store.scopes import WORKER
from service.store.session import transaction


def _send() -> None:
    with transaction(WORKER) as session:
        outbox.signal(session, "van-de-worker-zelf", {}, at=runtime.now())


def test_a_timer_that_fires_in_the_worker_may_send_a_signal(service: Runtime) -> None:
    async def at_work() -> None:
        with worker_app(jobs.as_app(runtime.database_url(runtime.current().settings))) as app:
            async with app.open_async():
                await asyncio.to_thread(_send)

    with transaction(WORKER) as session:
        count = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'deliver'")
        before = session.execute(count).scalar_one()
    with ThreadPoolExecutor(1) as apart:  # a browser test of this process may have left a loop running here
        apart.submit(lambda: asyncio.run(at_work())).result()
    with transaction(WORKER) as session:
        assert session.execute(count).scalar_one() == before + 1
