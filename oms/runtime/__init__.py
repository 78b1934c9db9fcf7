"""Runs oms on one machine: embedded servers, web, worker and beat under one supervisor."""
