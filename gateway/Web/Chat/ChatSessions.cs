using Rewas.Gateway.Web.Calls;

namespace Rewas.Gateway.Web.Chat;

/// <summary>
/// The sessions of the agent by the conversations that led to them. A client that sends the whole conversation each time, as usual, goes on
/// with its session. The last ones of each caller are kept in memory: after a restart, a conversation that names no session begins anew.
/// </summary>
sealed class ChatSessions
{
    readonly KeptOfCallers<string, string> sessions = new();

    public void Add(string caller, string conversation, string session) => sessions.Keep(caller, conversation, session);

    public string? Find(string caller, string conversation) => sessions.Find(caller, conversation);
}
