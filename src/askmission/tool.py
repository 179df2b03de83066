"""The tool: an assistant of another maker may ask here, by the Model Context Protocol, if who runs the server lets it.

Gradio's own would offer its files and its queue too, and asks itself by HTTP. Not for answering (`assistant`): a
question goes the way of all others, over the desk and its bounds.
"""

from typing import Annotated, Any, Literal

from pydantic import Field
from starlette.applications import Starlette

from askmission.assistant import MAX_QUESTION, Answer
from askmission.desk import Desk
from askmission.errors import AskMissionError, SettingsError
from askmission.interface import MAX_TEXT, MissionTold
from askmission.page.guard import MCP

ABOUT = """\
AskMission answers questions about study-mission reports, in French, English or Korean, in the reports' own words. Call
missions to see what the reports are about, and ask to put a question. Every answer has citations: give the quote with
it, and say that a translation is unofficial. A refusal means that the reports don't say: do not fill the gap."""

Question = Annotated[
    str, Field(max_length=MAX_TEXT, description=f"in French, English or Korean, at most {MAX_QUESTION} characters")
]
Language = Annotated[
    Literal["fr", "en", "ko"] | None, Field(description="used where the question does not tell its own")
]


def build(desk: Desk[Any]) -> Starlette:
    """Return an app with the one path of the protocol; nothing is remembered between two requests.

    Raises `SettingsError` if the package that speaks it is not there.
    """
    try:
        from mcp.server import MCPServer
        from mcp.server.mcpserver import Context
        from mcp.server.mcpserver.exceptions import ToolError
        from mcp.server.transport_security import TransportSecuritySettings
        from mcp_types import ToolAnnotations
    except ImportError as error:
        raise SettingsError("ASKMISSION_MCP needs the package mcp. Run pip install 'askmission[mcp]'.") from error

    server: MCPServer[Any] = MCPServer("AskMission", instructions=ABOUT, log_level="WARNING", subscriptions=False)
    reads = ToolAnnotations(read_only_hint=True, open_world_hint=False)

    async def ask(question: Question, context: Context[Any, Any], language: Language = None) -> Answer:
        """Answer a question from the reports of the study missions, in the language of the question.

        kind is answer, refusal (the reports don't say; suggestions has the nearest passages) or greeting. Each number
        in text is that of a citation: quote has the report's own words, translation an unofficial translation of them.
        """
        request = context.request_context.request
        client = request.client.host if request and request.client else None
        try:
            answer, _ = await desk.ask(question, language=language, client=client, face="mcp")
        except AskMissionError as error:
            raise ToolError(str(error)) from error
        return answer

    async def missions() -> list[MissionTold]:
        """Tell which study missions the reports are about, the earliest first: title, place, dates."""
        return MissionTold.all(desk.served.assistant.index)

    server.add_tool(ask, annotations=reads)
    server.add_tool(missions, annotations=reads)
    return server.streamable_http_app(
        streamable_http_path=MCP,
        stateless_http=True,
        json_response=True,
        # Its list of hosts would have to name the proxy's; the guard refuses what other sites' pages send.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
