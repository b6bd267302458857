"""Visitors of the district's pages: accounts made and logged in as a browser does it."""

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from scripted_hub import District
from werkzeug.test import TestResponse

from station.domain.accounts import By, Role
from web_ui.district import create_app

PASSWORD = "a quiet river in May"
BY = By("test")
ROOT = ("pingyuan",)


def add_account(district: District, name: str, role: Role = Role.VIEWER, level: tuple[str, ...] = ROOT) -> None:
    """One that has set its own password."""
    district.pages.accounts.add(name, "for the first login", role, level, BY)
    district.pages.accounts.change_password(name, "for the first login", PASSWORD, BY)


def app_of(district: District, **options: Any) -> Flask:
    return create_app(district.services, "en", **options)


def client_of(district: District) -> FlaskClient:
    return app_of(district).test_client()


def token_of(client: FlaskClient, path: str = "/login") -> str:
    """What a form of this page sends along."""
    found = re.search(r'name="token" value="([^"]+)"', client.get(path).text)
    assert found, f"no form on {path}"
    return found[1]


def post(client: FlaskClient, path: str, page: str, **form: str) -> TestResponse:
    """Send a form that stands on ``page``."""
    return client.post(path, data={"token": token_of(client, page), **form})


def log_in(client: FlaskClient, name: str, password: str = PASSWORD, wanted: str = "") -> TestResponse:
    return post(client, "/login", "/login", name=name, password=password, next=wanted)


def visitor_of(
    district: District, name: str = "li", role: Role = Role.VIEWER, level: tuple[str, ...] = ROOT
) -> FlaskClient:
    """A browser that is logged in."""
    add_account(district, name, role, level)
    client = client_of(district)
    assert log_in(client, name).status_code == 303
    return client
