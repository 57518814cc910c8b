"""The shop's CSV files: what is wrong is named by line and reason, nothing is dropped silently."""

from datetime import date, timedelta
from pathlib import Path

from shared.domains.shop.loading import read_inventory, read_orders, read_products
from tests.support.shop import DATA
from tests.support.talk import NOON

TODAY = date(2026, 3, 10)
KNOWN = frozenset({"SKU-1", "SKU-2"})


def written(folder: Path, *lines: str) -> Path:
    file = folder / "file.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def test_the_packs_own_files_load_whole() -> None:
    products, bad_products = read_products(DATA / "products.csv")
    known = frozenset(product.sku for product in products)
    stock, bad_stock = read_inventory(DATA / "inventory.csv", NOON.date(), known)
    orders, bad_orders = read_orders(DATA / "orders.csv", NOON.date(), known)

    assert (bad_products, bad_stock, bad_orders) == ((), (), ())
    assert len(products) >= 40
    assert {each.sku for each in stock} == known
    assert {"1234", "1240"} <= {order.id for user, order in orders if user == "ana"}


def test_bad_products_are_named(tmp_path: Path) -> None:
    header = "sku,name,category,brand,price,description,sizes,colours,rating"
    file = written(
        tmp_path,
        header,
        "SKU-1,Cup,cups,Brook,9.50,A cup.,,white;blue,4.5",
        "cup,Cup,cups,Brook,9.50,A cup.,,,4.5",
        "SKU-2,Cup,cups,Brook,cheap,A cup.,,,4.5",
        "SKU-3,Cup,cups,Brook,9.50,A cup.,,,6",
        "SKU-4,,cups,Brook,9.50,A cup.,,,4",
        "SKU-1,Mug,cups,Brook,9.50,A mug.,,,4",
    )

    products, rejected = read_products(file)

    assert [(each.sku, each.price, each.colours) for each in products] == [("SKU-1", 950, ("white", "blue"))]
    assert [(each.line, each.reason) for each in rejected] == [
        (3, "sku 'cup' must look like SKU-88"),
        (4, "price 'cheap' must be an amount like 129.00"),
        (5, "rating '6' must be 0 to 5 like 4.5"),
        (6, "name must not be empty"),
        (7, "its SKU is that of an earlier row"),
    ]


def test_stock_of_an_unknown_product_is_refused(tmp_path: Path) -> None:
    file = written(tmp_path, "sku,warehouse,quantity,restock", "SKU-1,east,0,d+3", "SKU-9,east,4,", "SKU-2,east,-1,")

    stock, rejected = read_inventory(file, TODAY, KNOWN)

    assert [(each.sku, each.restock) for each in stock] == [("SKU-1", TODAY + timedelta(days=3))]
    assert [(each.line, each.reason) for each in rejected] == [
        (3, "there is no product 'SKU-9': load products first"),
        (4, "quantity '-1' must be a whole number"),
    ]


def test_lines_of_one_order_come_together_and_contradictions_are_refused(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "order_id,user_id,status,ordered,expected,delivered,tracking,sku,quantity,price",
        "#12,ana,shipped,d-2,d+1,,T1,SKU-1,1,9.50",
        "12,ana,shipped,d-2,d+1,,T1,SKU-2,2,5.00",
        "12,ben,shipped,d-2,d+1,,T1,SKU-2,2,5.00",
        "12,ana,shipped,d-2,d+1,,T1,SKU-1,1,9.50",
        "13,ana,lost,d-2,,,,SKU-1,1,9.50",
        "14,ana,delivered,d-2,,,,SKU-1,1,9.50",
        "15,ana,shipped,yesterday,,,,SKU-1,1,9.50",
    )

    orders, rejected = read_orders(file, TODAY, KNOWN)

    assert [(user, order.id, order.total, order.ordered) for user, order in orders] == [
        ("ana", "12", 1950, TODAY - timedelta(days=2))
    ]
    assert [(each.line, each.reason) for each in rejected] == [
        (4, "order '12' has another user, status or date in an earlier row"),
        (5, "order '12' names this product in an earlier row"),
        (6, "status 'lost' is none of processing, shipped, delivered, returned, cancelled"),
        (7, "an order that is delivered needs its dates"),
        (8, "ordered 'yesterday' must be a day like 2026-03-05 or like d-12"),
    ]
