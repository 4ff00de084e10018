"""Every setting, read from the environment in this one place."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Environment variables `WIJZER_STORE`, `WIJZER_EMBEDDER`, `WIJZER_HOST` and `WIJZER_PORT`.

    `embedder` is the name or path of a sentence-transformers model; None is the model that comes with the
    project.
    """

    model_config = SettingsConfigDict(env_prefix="WIJZER_")
    store: Path = Path("var/store")
    embedder: str | None = None
    host: str = "127.0.0.1"
    port: int = 8000


def settings_with(store: Path | None) -> Settings:
    """The settings, with the store that a command line names in place of the configured one."""
    settings = Settings()
    return settings if store is None else settings.model_copy(update={"store": store})
