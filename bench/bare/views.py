from typing import Any

from django.db import models
from rest_framework import generics, serializers


class Row(models.Model):
    """A lead as a quick prototype would keep it; bench/floors.py makes the table."""

    name = models.CharField(max_length=200)
    phone = models.CharField(max_length=20)
    email = models.CharField(max_length=254)
    company = models.CharField(max_length=200)
    source = models.CharField(max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "bench"
        managed = False
        db_table = "bench_row"

    def __str__(self) -> str:
        return self.name


class RowSerializer(serializers.ModelSerializer[Row]):
    class Meta:
        model = Row
        fields = ["id", "name", "phone", "email", "company", "source", "created_at"]


class Rows(generics.CreateAPIView[Any]):
    queryset = Row._default_manager.all()
    serializer_class = RowSerializer
