"""Cameras. ``worker.py`` keeps one open and its newest frame at hand; every other file is a driver."""

from station.devices import Drivers

DRIVERS: Drivers = (
    ("v4l2", "station.devices.camera.v4l2:V4l2Camera"),
    ("picamera", "station.devices.camera.picamera:PiCamera"),
    ("network", "station.devices.camera.network:NetworkCamera"),
    ("file", "station.devices.camera.file:FileCamera"),
    ("simulated", "station.devices.camera.simulated:SimulatedCamera"),
)
