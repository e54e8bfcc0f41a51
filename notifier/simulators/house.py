"""Runs the simulators until they are told to stop."""

import asyncio
import signal
import sys
from argparse import Namespace
from collections.abc import Mapping
from contextlib import AsyncExitStack
from secrets import token_hex

from notifier.simulators.addresses import describe, reserve_ports
from notifier.simulators.building import build_endpoints, build_town, route
from notifier.simulators.certificates import make_certificates
from notifier.simulators.clock import Clock
from notifier.simulators.control import Control
from notifier.simulators.faults import Provider
from notifier.simulators.frames.listening import listening
from notifier.simulators.keeping import Keeper
from notifier.simulators.lines import Lines
from notifier.simulators.population import Phones
from notifier.simulators.pushes import Pushes
from notifier.simulators.screen import Screen
from notifier.simulators.serving import serving
from notifier.simulators.witness import Witness

CONTROL_STREAMS = 100


async def keep_house(flags: Namespace) -> None:
    """Serve until SIGTERM or SIGINT, then write down what waits."""
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with AsyncExitStack() as stack:
        group = await stack.enter_async_context(asyncio.TaskGroup())
        clock = Clock()
        journal = stack_lines(stack, group, Lines.open(flags.journal) if flags.journal else None)
        screen = stack_lines(stack, group, Lines(sys.stdout.fileno()) if flags.print else None)
        phones, seen = (None, None) if flags.no_phones else (build_phones(screen), Pushes())
        witness = Witness(phones, journal, seen, clock)
        endpoints = build_endpoints(flags, witness, phones.touch if phones else None)
        providers = {name: endpoint.provider for name, endpoint in endpoints.items()}
        pushes, orders = reserve_ports(flags)
        if flags.keep:
            stack_keeper(stack, group, build_keeper(flags, phones, seen), providers)
        certificates = make_certificates(flags.tls_folder) if flags.tls_folder else None
        town = build_town(flags, endpoints) if flags.frames else None
        if town:
            await stack.enter_async_context(listening(town, pushes, certificates))
        else:
            await stack.enter_async_context(serving(group, route(endpoints), pushes, certificates, flags.streams))
        if orders:
            control = Control(endpoints, phones, seen, clock, town)
            await stack.enter_async_context(serving(group, control.answer, orders, None, CONTROL_STREAMS))
        sys.stdout.write(describe(endpoints, pushes, orders, certificates))
        sys.stdout.flush()
        await stopped.wait()


def stack_lines(stack: AsyncExitStack, group: asyncio.TaskGroup, lines: Lines | None) -> Lines | None:
    """Flush the lines regularly, and for the last time at the end."""
    if lines is not None:
        stack.callback(lines.flush)
        task = group.create_task(lines.flush_regularly(), name="flush")
        stack.callback(task.cancel)
    return lines


def build_phones(screen: Lines | None) -> Phones:
    """Start a population of this run, whose arrivals are printed if there is a screen."""
    return Phones(token_hex(8), None if screen is None else Screen(screen).say)


def build_keeper(flags: Namespace, phones: Phones | None, seen: Pushes | None) -> Keeper:
    """Keep phones at the place that the flags name; ValueError if there shall be none."""
    if phones is None or seen is None:
        raise ValueError("--keep keeps phones and --no-phones has none: leave out one of them")
    return Keeper(flags.keep, phones, seen)


def stack_keeper(
    stack: AsyncExitStack, group: asyncio.TaskGroup, keeper: Keeper, providers: Mapping[str, Provider]
) -> None:
    """Bring back the phones of an earlier run, and write them regularly, for the last time at the end."""
    keeper.restore(providers)
    keeper.write_if_changed()
    stack.callback(keeper.write_if_changed)
    task = group.create_task(keeper.write_regularly(), name="keep")
    stack.callback(task.cancel)
