from datetime import timedelta
from importlib import import_module

import pytest
from celery.app.task import Task
from celery.schedules import crontab

from leadflow import schedule
from leadflow.celery import app


@pytest.mark.parametrize("entry", schedule.ENTRIES, ids=lambda entry: entry.name)
def test_every_entry_names_a_task_that_exists(entry):
    module, _, name = entry.task.rpartition(".")
    task = getattr(import_module(module), name)
    assert isinstance(task, Task)
    assert task.name == entry.task


@pytest.mark.parametrize("entry", schedule.ENTRIES, ids=lambda entry: entry.name)
def test_every_entry_says_why(entry):
    assert len(entry.why.split()) >= 5


def test_no_entry_comes_twice():
    assert len({entry.name for entry in schedule.ENTRIES}) == len(schedule.ENTRIES)
    assert len({entry.task for entry in schedule.ENTRIES}) == len(schedule.ENTRIES)


def test_celery_gets_the_list_and_nothing_else():
    assert app.conf.beat_schedule == schedule.for_celery()
    assert sorted(app.conf.beat_schedule) == sorted(entry.name for entry in schedule.ENTRIES)


def test_a_tick_nobody_took_is_dropped_when_the_next_one_comes():
    ticks = schedule.for_celery()
    assert ticks["deliver"]["options"] == {"expires": 5.0}
    assert ticks["sweep SLA clocks"]["options"] == {"expires": 60.0}
    assert ticks["check the books"]["options"] == {"expires": 3600.0}


def test_hours_are_meant_in_vietnam():
    assert app.conf.timezone == "Asia/Ho_Chi_Minh"
    nightly = {entry.name: entry.when for entry in schedule.ENTRIES}["check the books"]
    assert nightly == crontab(hour="2,12", minute="30")


def test_every_spells_periods():
    assert schedule.every(minutes=2, seconds=5) == timedelta(seconds=125)
