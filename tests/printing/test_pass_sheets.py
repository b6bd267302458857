from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from made import DETAILS, KEY, NOON, a_pass
from pypdf import PdfReader
from sheets import DPI, fonts_of, pages, rasterised, scanned, size_mm

from station.domain.details import BatchDetails, VehicleDetails, VoucherDetails
from station.domain.passes import Health, HealthKind, Pass, PassKind, Scope
from station.passes import cp1
from station.printing.drawing import Drawing
from station.printing.errors import PrintError
from station.printing.facts import facts
from station.printing.lettering import FILE, width
from station.printing.paper import ID_1, one_a_page, ten_a_sheet
from station.printing.pass_sheets import CARD, WINDOW, Form, drawing_of
from station.printing.pdf import to_pdf

SHANGHAI = ZoneInfo("Asia/Shanghai")
EVERY_KIND = {kind: a_pass(kind=kind, details=details) for kind, details in DETAILS.items()}
# As much as a card takes: version 13, and every field that stands in words filled.
FULLEST = a_pass(
    kind=PassKind.VEHICLE,
    label="黄河大桥冷链物流运输车队一组",
    plate="粤ZH123港",
    party=999,
    details=VehicleDetails(300),
    not_before=NOON,
    scope=Scope(levels=("pingyuan", "qiaobei"), grids=("grid-17", "grid-18"), lanes=("1", "2", "3", "4")),
)


def text_of(found: Pass) -> str:
    return cp1.issue(found, KEY)


def laid(found: Pass, form: Form = CARD) -> Drawing:
    return drawing_of(found, text_of(found), form, SHANGHAI)


def test_an_a4_sheet_of_ten_cards_of_every_kind_reads_back_at_150_dpi() -> None:
    ten = [*EVERY_KIND.values(), FULLEST, a_pass(label="", plate=""), a_pass(label="喆**", plate="京A·12345")]
    texts = [text_of(found) for found in ten]
    cards = [drawing_of(found, text, CARD, SHANGHAI) for found, text in zip(ten, texts, strict=True)]
    (sheet,) = rasterised(to_pdf(ten_a_sheet(cards), "cards"))
    assert len(ten) == 10
    assert scanned(sheet) == sorted(texts)


@pytest.mark.parametrize("kind", DETAILS)
def test_a_window_card_of_every_kind_reads_back_at_150_dpi(kind: PassKind) -> None:
    text = text_of(EVERY_KIND[kind])
    drawing = drawing_of(EVERY_KIND[kind], text, WINDOW, SHANGHAI)
    (sheet,) = rasterised(to_pdf(one_a_page([drawing]), "window"))
    assert scanned(sheet) == [text]


def test_a_pass_too_large_for_a_card_is_refused_there_and_reads_back_from_a_window_card() -> None:
    found = a_pass(kind=PassKind.BATCH, details=BatchDetails("恒冷" * 25, "B-7731" * 9, "C-2026" * 9), plate="")
    with pytest.raises(PrintError, match="print a window card"):
        laid(found)
    text = text_of(found)
    (sheet,) = rasterised(to_pdf(one_a_page([drawing_of(found, text, WINDOW, SHANGHAI)]), "window"))
    assert scanned(sheet) == [text]


@pytest.mark.parametrize("found", [*EVERY_KIND.values(), FULLEST], ids=lambda found: f"{found.kind} {found.label}")
def test_a_module_on_a_card_has_at_least_four_pixels_at_150_dpi(found: Pass) -> None:
    assert laid(found).code.module * DPI / 25.4 >= 4


@pytest.mark.parametrize("form", [CARD, WINDOW], ids=["card", "window"])
@pytest.mark.parametrize("found", [*EVERY_KIND.values(), FULLEST], ids=lambda found: f"{found.kind} {found.label}")
def test_words_keep_to_their_column_and_off_one_another(found: Pass, form: Form) -> None:
    drawing = laid(found, form)
    quiet_from = drawing.code.x
    for line in drawing.lines:
        assert form.left <= line.x
        assert line.x + width(line.text, line.size) <= quiet_from
        assert line.size * 0.8 <= line.y <= form.size.height - 2
    for above, below in pairwise(sorted(drawing.lines, key=lambda line: line.y)):
        beside = below.x >= above.x + width(above.text, above.size)
        assert beside or below.y - above.y >= below.size * 0.9


def test_an_a4_sheet_holds_exactly_ten_cards_of_a_bank_cards_size() -> None:
    cards = [laid(a_pass())] * 11
    first, second = ten_a_sheet(cards)
    assert (len(first.placed), len(second.placed)) == (10, 1)
    corners = {(round(x, 3), round(y, 3)) for _, x, y in first.placed}
    assert {x for x, _ in corners} == {19.4, 105.0}
    assert {y for _, y in corners} == {13.5, 67.5, 121.5, 175.5, 229.5}
    assert (ID_1.width, ID_1.height) == (85.6, 54.0)
    assert [size_mm(page) for page in pages(to_pdf([first, second], "cards"))] == [(210.0, 297.0)] * 2


def test_crop_marks_stand_at_every_cut_and_touch_no_card() -> None:
    (sheet,) = ten_a_sheet([laid(a_pass())] * 10)
    assert len(sheet.marks) == 2 * 3 + 2 * 6
    for mark in sheet.marks:
        assert 5 <= mark.x <= 205
        assert 5 <= mark.y <= 292
        for _, x, y in sheet.placed:
            across = mark.x < x + ID_1.width and mark.x + mark.width > x
            down = mark.y < y + ID_1.height and mark.y + mark.height > y
            assert not (across and down)


def test_a_window_card_is_a5_and_shows_a_plate_in_two_rows() -> None:
    found = EVERY_KIND[PassKind.VEHICLE]
    (page,) = pages(to_pdf(one_a_page([laid(found, WINDOW)]), "window"))
    assert size_mm(page) == (210.0, 148.0)
    assert {"豫G", "12345"} <= {line.text for line in laid(found, WINDOW).lines}


@pytest.mark.parametrize("plate", ["豫G·12345", "使123456", "豫go1234", "KL 2345"])
def test_what_is_no_plain_plate_stands_in_one_row_as_the_pass_has_it(plate: str) -> None:
    assert plate in {line.text for line in laid(a_pass(plate=plate), WINDOW).lines}


def test_the_font_is_embedded_and_only_in_the_characters_used() -> None:
    pdf = to_pdf(ten_a_sheet([laid(found) for found in EVERY_KIND.values()]), "cards")
    (page,) = pages(pdf)
    fonts = fonts_of(page)
    ours = {name: embedded for name, embedded in fonts.items() if "NotoSansSC" in name}
    assert ours
    assert all(ours.values())
    assert all("+" in name for name in ours)
    assert len(pdf) < FILE.stat().st_size / 20


def test_the_words_are_text_that_can_be_copied_out_in_chinese_and_english() -> None:
    (page,) = pages(to_pdf(one_a_page([laid(EVERY_KIND[PassKind.BADGE])]), "card"))
    text = page.extract_text()
    for said in ("工作证", "Badge", "0417", "王**", "班组 Team", "B2", "督查 Inspector", "有效至 Valid until"):
        assert said in text
    assert "2026-03-02 20:00" in text  # 12:00 UTC


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (PassKind.VEHICLE, {"5"}),
        (PassKind.RESIDENT, {"3", "502"}),
        (PassKind.BADGE, {"B2", "督查 Inspector"}),
        (PassKind.VOUCHER, {"D20260302-118"}),
        (PassKind.BATCH, {"恒冷物流", "B-7731", "C-2026-0099"}),
        (PassKind.MANIFEST, {"40", "23"}),
    ],
)
def test_what_a_kind_says_of_its_own_stands_beside_the_code(kind: PassKind, said: set[str]) -> None:
    assert said <= {fact.value for fact in facts(EVERY_KIND[kind])}
    assert said <= {line.text for line in laid(EVERY_KIND[kind]).lines}


def test_where_a_pass_is_good_and_from_when_stands_beside_the_code() -> None:
    lines = {line.text for line in laid(FULLEST).lines}
    assert {"pingyuan qiaobei", "grid-17 grid-18", "1 2 3 4", "2026-03-02 12:00"} <= lines


def test_the_full_name_on_a_health_certificate_never_goes_on_paper() -> None:
    health = Health(HealthKind.TEST, NOON, name="WANG XIAOMING")
    drawing = drawing_of(replace(a_pass(), kind=PassKind.HEALTH, health=health), "HC1:TEST", CARD, SHANGHAI)
    assert not [line.text for line in drawing.lines if "WANG" in line.text]


@pytest.mark.parametrize("label", ["䶮**", "㛃**", "Ü** Dvořák"])
def test_a_name_beyond_gbk_is_on_the_card_as_it_is_written(label: str) -> None:
    (page,) = pages(to_pdf(ten_a_sheet([laid(a_pass(label=label))]), "cards"))
    assert label.replace(" ", "") in page.extract_text().replace(" ", "").replace("\n", "")


def test_a_character_that_the_font_lacks_is_on_the_card_by_its_code_point() -> None:
    (page,) = pages(to_pdf(ten_a_sheet([laid(a_pass(label="𠮷**"))]), "cards"))
    assert "〔U+20BB7〕**" in page.extract_text().replace("\n", "").replace(" ", "")


def test_more_than_is_legible_beside_the_code_is_refused() -> None:
    stops = ("W" * 60,) * 30
    with pytest.raises(PrintError, match="too many to be legible"):
        laid(a_pass(kind=PassKind.VOUCHER, details=VoucherDetails("D7"), scope=Scope(drop_offs=stops)), WINDOW)


def test_a_time_that_no_calendar_shows_is_refused() -> None:
    latest = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
    with pytest.raises(PrintError, match="beyond the year 9999"):
        laid(a_pass(expires=latest - timedelta(minutes=1)))


def test_the_file_asks_the_printer_for_its_actual_size() -> None:
    reader = PdfReader(BytesIO(to_pdf(ten_a_sheet([laid(a_pass())]), "cards")))
    assert reader.root_object["/ViewerPreferences"]["/PrintScaling"] == "/None"


def test_the_same_cards_make_the_same_file_to_the_byte() -> None:
    sheets = list(ten_a_sheet([laid(a_pass(id="5a0c97d050ac3b7c"))]))
    assert to_pdf(sheets, "cards") == to_pdf(sheets, "cards")
