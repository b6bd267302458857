"""What stands on every sheet, in Chinese and in English. The kinds are called as on the touchscreen."""

from dataclasses import dataclass

from station.domain.boards import BoardKind
from station.domain.details import BadgeRole
from station.domain.passes import PassKind

Both = tuple[str, str]
"""Chinese and English."""

KINDS: dict[PassKind, Both] = {
    PassKind.DECLARATION: ("申报", "Declaration"),
    PassKind.VEHICLE: ("车辆通行证", "Vehicle pass"),
    PassKind.RESIDENT: ("居民证", "Resident pass"),
    PassKind.BADGE: ("工作证", "Badge"),
    PassKind.VOUCHER: ("放行凭单", "Voucher"),
    PassKind.BATCH: ("冷链批次凭证", "Goods batch"),
    PassKind.HEALTH: ("健康码", "Health code"),
    PassKind.MANIFEST: ("乘客名册", "Bus manifest"),
}
ROLES: dict[BadgeRole, Both] = {
    BadgeRole.OPERATOR: ("执勤", "Operator"),
    BadgeRole.SUPERVISOR: ("带班", "Supervisor"),
    BadgeRole.INSPECTOR: ("督查", "Inspector"),
}
PERSONS = ("人数", "Persons")
SEATS = ("座位", "Seats")
DECLARED = ("已申报", "Declared")
BUILDING = ("楼栋", "Building")
UNIT = ("户室", "Unit")
TEAM = ("班组", "Team")
ROLE = ("职务", "Role")
ORDER = ("订单", "Order")
FIRM = ("企业", "Firm")
BATCH = ("批号", "Lot")
CERTIFICATE = ("合格证", "Certificate")
SCOPE: dict[str, Both] = {
    "levels": ("范围", "Area"),
    "grids": ("网格", "Grid"),
    "lanes": ("车道", "Lane"),
    "route": ("路线", "Route"),
    "drop_offs": ("卸货点", "Drop-off"),
}
FROM = ("生效", "Valid from")
UNTIL = ("有效至", "Valid until")
ISSUER = ("签发", "Issuer")
PASS_ID = ("证号", "Pass No.")

BOARD_NUMBER = ("扫码牌", "Board No.")
POSITION = ("位置", "Position")
LANE = ("车道", "Lane")
PLATE = ("车牌", "Plate")

ENROLMENT = ("站点登记码", "A station's enrolment")
ENROLMENT_STEPS: tuple[Both, ...] = (
    (
        "将本页对准站点摄像头，保持不动，占画面一半",
        "Hold this page still before the station's camera so that it fills half the picture.",
    ),
    (
        "内含站点密钥：勿拍照、勿传阅，登记后销毁",
        "It holds the station's key: do not photograph it, destroy it after enrolling.",
    ),
    ("{until} 之后失效", "Not taken after {until}."),
)


@dataclass(frozen=True, slots=True)
class Instruction:
    """What a board asks of whoever stands before it."""

    title: Both
    steps: tuple[Both, Both, Both]


INSTRUCTIONS: dict[BoardKind, Instruction] = {
    BoardKind.ROAD: Instruction(
        ("扫码申报", "Scan to declare before the checkpoint"),
        (
            ("停车扫码，请勿在行驶中使用手机", "Stop first. Do not use your phone while driving."),
            ("填写申报，保存生成的通行码", "Fill in the declaration and keep the code you are given."),
            ("到卡点出示通行码", "Hold up your code at the checkpoint."),
        ),
    ),
    BoardKind.BUS: Instruction(
        ("乘客扫码申报", "Passengers: scan to declare"),
        (
            ("上车后每位乘客用手机扫码", "Every passenger scans this code with a phone."),
            ("填写申报并提交", "Fill in the declaration and send it."),
            ("到卡点由司机出示乘客名册", "At the checkpoint the driver shows the manifest."),
        ),
    ),
}
