"""The shop's own product sheet: codes, barcodes, cartons, category, prices, warranty, weight, safety stock."""

from retcli.reading.cells import codes, count, grams, identifier, kilograms, pieces, weight, word, worth
from retcli.reading.dialect import Dialect, Field

PRODUCTS = Dialect(
    name="products",
    platform="",
    holds="products",
    fields=(
        Field("sku", ("商家编码", "SKU", "货号", "商品编码"), identifier, required=True, needed=True),
        Field("barcodes", ("条码", "条形码", "barcode", "barcodes"), codes, required=True),
        Field("carton_codes", ("箱码", "外箱条码", "箱条码", "carton barcode", "carton barcodes"), codes),
        Field("carton_pieces", ("装箱数", "每箱数量", "箱规", "箱入数", "pieces per carton"), pieces),
        Field("name", ("商品名称", "名称", "name"), word, required=True),
        Field("category", ("类目", "分类", "category"), word),
        Field("cost", ("成本价", "成本", "cost"), worth),
        Field("price", ("售价", "销售价", "price"), worth),
        Field("warranty_months", ("保修月数", "质保月数", "warranty"), count),
        Field("weight", ("重量", "weight"), weight),
        Field("weight_g", ("重量(g)", "重量(克)", "克重"), grams),
        Field("weight_kg", ("重量(kg)", "重量(千克)", "重量(公斤)"), kilograms),
        Field("safety_stock", ("安全库存", "最低库存", "safety stock"), count),
    ),
    # its few columns stand in many an order export too
    never=("订单编号", "退款编号", "订单号", "订单状态", "售后单号"),
)
