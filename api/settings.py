"""Every setting, read from the environment in this one place."""

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from ingest.chat import ChatModel, ModelSettings, open_model


class Settings(BaseSettings):
    """Environment variables `WIJZER_` and the name of the field.

    `embedder` is the name or path of a sentence-transformers model; None is the model that comes with the
    project. `reranker` is that of a cross-encoder, which puts the first passages in order; None is none. `model` is the chat model that composes answers (`ollama:NAME`, `openai:NAME`); None is the
    extractive composer; the other `model_` fields are those of `ingest.chat.ModelSettings`. `deadline` is the
    seconds that the server takes for an answer. `answers` is the log
    in which the server keeps its answers, none when not set; `wijzer ask --keep` keeps them there, or in the
    store. `thesaurus` is the SKOS file that goes into each snapshot. The `themis_` fields are the addresses of
    the decision platform, the folder that its decisions go to, and the seconds between requests, for one and for
    all of them. `keys` is the file with access keys, one in the store when None; `keys_required` asks for them on
    this machine too. `hosts` are more names that the server answers to, with commas between; `site` is the
    address at which people reach it, where that is not its own: with `https:` cookies go over https alone. `rate` is the requests a minute of one key. `audit` is the audit log, which holds
    questions only with `audit_questions`; `log` is the least level that is told on stderr.
    """

    model_config = SettingsConfigDict(
        env_prefix="WIJZER_", env_parse_none_str="none", protected_namespaces=()
    )
    store: Path = Path("var/store")
    embedder: str | None = None
    reranker: str | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    deadline: Annotated[float, Field(gt=0)] = 60.0
    keys: Path | None = None
    keys_required: bool = False
    hosts: str = ""
    site: str | None = None
    rate: Annotated[int, Field(ge=1)] | None = None
    audit: Path | None = None
    audit_questions: bool = False
    log: Literal["debug", "info", "warning", "error"] = "info"
    answers: Path | None = None
    thesaurus: Path = Path(__file__).parent.parent / "corpus" / "thesaurus.ttl"
    themis_url: str = "https://themis.vlaanderen.be/sparql"
    themis_api_url: str = "https://beslissingenvlaamseregering.vlaanderen.be"
    themis_folder: Path = Path("var/themis")
    themis_pause: float = 0.5
    themis_timeout: float = 100.0
    themis_deadline: float = 3_600.0
    model: str | None = None
    model_url: str | None = None
    model_key: SecretStr | None = None
    model_timeout: float = 45.0
    model_stall: float = 20.0
    model_temperature: float | None = 0.0
    model_tokens: int = 2_000
    model_context: int = 24_000

    @property
    def keys_file(self) -> Path:
        """Where the access keys are."""
        return self.keys or self.store / "keys.json"

    def chat_model(self) -> AbstractContextManager[ChatModel | None]:
        """The configured chat model, closed at the end of the block; None when there is none. Raises: ModelUnusable."""
        if not self.model:
            return nullcontext()
        return open_model(
            ModelSettings(
                self.model,
                self.model_url,
                self.model_key.get_secret_value() if self.model_key else None,
                timeout=self.model_timeout,
                stall=self.model_stall,
                temperature=self.model_temperature,
                max_tokens=self.model_tokens,
                context=self.model_context,
            )
        )


def settings_with(store: Path | None) -> Settings:
    """The settings, with the store that a command line names in place of the configured one."""
    settings = Settings()
    return settings if store is None else settings.model_copy(update={"store": store})
