"""The same search as a LangChain retriever."""

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from retrieval.corpus import Corpus
from retrieval.records import Evidence, Filters
from retrieval.search import search


class WijzerRetriever(BaseRetriever):
    """Passages as LangChain documents: the exact text, with the place it stands in `metadata`."""

    model_config = ConfigDict(arbitrary_types_allowed=True)
    corpus: Corpus
    k: int = 20
    per_document: int | None = None
    filters: Filters = Filters()

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,
        **_: Any,
    ) -> list[Document]:
        found = search(self.corpus, query, filters=self.filters, k=self.k, per_document=self.per_document)
        return [_document(evidence) for evidence in found]


def _document(evidence: Evidence) -> Document:
    metadata = evidence.as_json()
    return Document(page_content=metadata.pop("text"), metadata=metadata, id=evidence.passage.id)
