"""The retriever for LlamaIndex: put AskMission's search under an engine of your own.

from askmission.retriever import MissionRetriever
engine = RetrieverQueryEngine.from_args(MissionRetriever(Assistant.open("index")), llm=...)
"""

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from askmission.assistant import Assistant
from askmission.language import language_of
from askmission.text import LANGUAGES


class MissionRetriever(BaseRetriever):  # type: ignore[misc]  # LlamaIndex is not followed
    """Returns the passages found for a question as nodes, in the question's language where they are translated."""

    def __init__(self, assistant: Assistant, *, limit: int = 10) -> None:
        self._assistant = assistant
        self._limit = limit
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = language_of(query_bundle.query_str)
        language = found if found in LANGUAGES else self._assistant.own_language
        nodes = []
        for hit in self._assistant.search(query_bundle.query_str, language, limit=self._limit):
            passage = hit.entry.passage
            view = hit.entry.views.get(language) or hit.entry.views[passage.language]
            metadata = {
                "mission": passage.mission,
                "trail": " › ".join(view.trail),
                "speaker": view.speaker or "",
                "start": passage.start,
                "end": passage.end,
                "original": hit.entry.views[passage.language].text,
            }
            nodes.append(
                NodeWithScore(node=TextNode(id_=passage.id, text=view.text, metadata=metadata), score=hit.score)
            )
        return nodes
