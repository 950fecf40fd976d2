namespace Rewas.Gateway.Web.Chat;

/// <summary>
/// The sessions of the agent by the conversations that led to them. A client that sends the whole conversation each time, as usual, goes on
/// with its session. They are kept in memory: after a restart, a conversation that names no session begins anew.
/// </summary>
sealed class ChatSessions
{
    const int MostKept = 10_000;

    readonly Lock gate = new();
    readonly Dictionary<string, string> sessions = [];
    readonly Queue<string> oldest = [];

    public void Add(string conversation, string session)
    {
        lock (gate)
        {
            if (sessions.TryAdd(conversation, session))
                oldest.Enqueue(conversation);
            if (oldest.Count > MostKept)
                sessions.Remove(oldest.Dequeue());
        }
    }

    public string? Find(string conversation)
    {
        lock (gate)
            return sessions.GetValueOrDefault(conversation);
    }
}
