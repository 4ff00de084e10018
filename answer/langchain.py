"""Questions answered as a LangChain runnable; the passages alone are `retrieval.langchain`'s."""

from typing import Any

from langchain_core.runnables import Runnable, RunnableLambda

from answer.ask import ask
from ingest.chat import ChatModel
from retrieval.corpus import Corpus
from retrieval.records import Filters


def answering(
    corpus: Corpus,
    *,
    filters: Filters = Filters(),  # noqa: B008 - frozen
    model: ChatModel | None = None,
) -> Runnable[str, dict[str, Any]]:
    """From a question to the `ask` object of the contract: text, claims, citations, or why there is none."""

    def answered(question: str) -> dict[str, Any]:
        return ask(corpus, question, filters=filters, model=model).as_json()

    return RunnableLambda(answered)
