"""Branding: what an authority is called beside its name, and its logo."""

from sqlmodel import Field, SQLModel

from store.columns import Key


class BrandingRow(SQLModel, table=True):
    """The head of an authority, from its first change on; its Vietnamese name stands with the authority."""

    __tablename__ = "branding"
    authority_id: int = Field(primary_key=True, foreign_key="authority.id", sa_type=Key)
    version: int  #: rises with every change
    name_en: str
    short_name: str
    standing_line: str
    standing_line_en: str
    logo: bytes | None
    logo_kind: str  #: media type; empty without a logo
    logo_sha256: str = Field(index=True)
