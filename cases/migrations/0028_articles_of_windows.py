"""A window names the article that lets the uploader answer under its own law."""

from typing import Any

from django.db import migrations
from django.db.models import Q

GENERAL = "期限规则所列条款"
ARTICLES = {
    "civil": "《民法典》第一千一百九十六条第一款"
    "（法律未规定具体天数，十五日为本站自行设定的期限）",
    "ecommerce": "《电子商务法》第四十三条第一款"
    "（答复期为本站自行设定的期限；该法第二条第三款可能排除文库服务的适用）",
    "regulation": "《信息网络传播权保护条例》第十六条"
    "（条例未规定答复天数，十五日为本站自行设定的期限）",
    "dmca": "《美国法典》第17编第512条(g)(3)"
    "（该法未规定答复天数，十五日为本站自行设定的期限）",
}


def name(apps: Any, editor: Any) -> None:
    rows = _windows(apps).filter(article=GENERAL)
    for base, article in ARTICLES.items():
        is_under = Q(profile=base) | Q(profile__startswith=f"{base}:")
        rows.filter(is_under).update(article=article)


def generalise(apps: Any, editor: Any) -> None:
    _windows(apps).filter(article__in=ARTICLES.values()).update(article=GENERAL)


def _windows(apps: Any) -> Any:
    return apps.get_model("cases", "Deadline").objects.filter(term="window")


class Migration(migrations.Migration):
    dependencies = [("cases", "0027_extensions_as_they_were_asked")]

    operations = [migrations.RunPython(name, generalise, elidable=True)]
