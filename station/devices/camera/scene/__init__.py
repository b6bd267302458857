"""The road a simulated camera looks at: vehicles come, hold up real QR codes, and leave.

``traffic.py`` says what is where at which moment, ``render.py`` turns a moment into a picture; the other files draw.
Lengths are pixels of a picture 720 high unless said otherwise; times are seconds since the road was opened.
"""

from station.devices.camera.scene.printed import Print, printed
from station.devices.camera.scene.render import Scene
from station.devices.camera.scene.traffic import Traffic, Visit

__all__ = ["Print", "Scene", "Traffic", "Visit", "printed"]
