"""The order desk's CSV files: what is wrong is named by line and reason, nothing is dropped silently."""

from datetime import date, timedelta
from pathlib import Path

from shared.domains.orders.loading import read_outlets, read_products
from tests.support.orders import DATA
from tests.support.talk import NOON

TODAY = date(2026, 3, 10)
PRODUCTS = "sku,name,name_zh,name_ms,category,size,unit,price_cents,stock,restock_on,description,keywords"


def written(folder: Path, *lines: str) -> Path:
    file = folder / "file.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def test_the_packs_own_files_load_whole() -> None:
    products, bad_products = read_products(DATA / "products.csv", NOON.date())
    outlets, bad_outlets = read_outlets(DATA / "outlets.csv")

    assert (bad_products, bad_outlets) == ((), ())
    assert len(products) >= 40
    assert len(outlets) >= 8
    assert all(each.size is None or each.name.endswith(f" {each.size}") for each in products)


def test_bad_products_are_named(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        PRODUCTS,
        "PB-10,Pizza box 10 inch,披萨盒,Kotak pizza,pizza boxes,10 inch,box,34,100,d+5,A box,比萨盒; box for pizza",
        "pb-12,Pizza box,披萨盒,Kotak pizza,pizza boxes,,box,34,100,,,",
        "PB-12,Pizza box,披萨盒,Kotak pizza,pizza boxes,,box,0,100,,,",
        "PB-14,Pizza box,披萨盒,Kotak pizza,pizza boxes,,box,34,-1,,,",
        "PB-16,Pizza box,披萨盒,Kotak pizza,pizza boxes,,box,34,3000000000,,,",
        "PB-18,Pizza box,披萨盒,Kotak pizza,pizza boxes,,box,34,1,soon,,",
        "PB-19,Pizza box,,Kotak pizza,pizza boxes,,box,34,1,,,",
        "PB-10,Other box,披萨盒,Kotak pizza,pizza boxes,,box,34,1,,,",
    )

    [product], rejected = read_products(file, TODAY)

    assert (product.sku, product.price_cents, product.stock) == ("PB-10", 34, 100)
    assert (product.restock_on, product.keywords) == (TODAY + timedelta(days=5), ("比萨盒", "box for pizza"))
    assert [(each.line, each.reason) for each in rejected] == [
        (3, "sku 'pb-12' must be capital letters, digits and dashes"),
        (4, "price_cents '0' must be a whole number from 1"),
        (5, "stock '-1' must be a whole number from 0"),
        (6, "stock '3000000000' must be a whole number from 0"),
        (7, "restock_on 'soon' must be a day like 2026-03-05 or like d+5"),
        (8, "name_zh must not be empty"),
        (9, "sku PB-10 is that of an earlier row"),
    ]


def test_bad_outlets_are_named_and_one_may_have_nobody_yet(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "outlet_id,name,address,phone,user_id",
        'OUT-01,Corner,"1 Road #01-02, Singapore 123456",+65 6000 0000,ana',
        "OUT-02,Other,2 Road,,",
        "out 3,Third,3 Road,,",
        "OUT-04,Fourth,,,",
        "OUT-01,Again,1 Road,,",
    )

    outlets, rejected = read_outlets(file)

    assert [(each.outlet_id, each.phone, user) for each, user in outlets] == [
        ("OUT-01", "+65 6000 0000", "ana"),
        ("OUT-02", None, ""),
    ]
    assert [(each.line, each.reason) for each in rejected] == [
        (4, "outlet_id 'out 3' must be capital letters, digits and dashes"),
        (5, "address must not be empty"),
        (6, "OUT-01 is that of an earlier row"),
    ]


def test_columns_that_are_not_there_are_named(tmp_path: Path) -> None:
    products, rejected = read_products(written(tmp_path, "sku,name", "PB-10,Box"), TODAY)

    assert products == ()
    assert [each.line for each in rejected] == [1]
    assert "price_cents" in rejected[0].reason
