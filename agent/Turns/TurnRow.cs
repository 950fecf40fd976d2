using Rewas.V1;

namespace Rewas.Agent.Turns;

enum TurnState
{
    /// <summary>Waits, or is being answered by the replica that holds the session.</summary>
    Open = 0,

    /// <summary>The user has stopped it. The replica that holds the session ends it.</summary>
    Stopping = 1,

    Ended = 2,
}

/// <summary>What the user said, as the database keeps it.</summary>
sealed record TurnRow
{
    public string Session { get; init; } = "";

    /// <summary>Number in the session, from 1.</summary>
    public long Turn { get; init; }

    public string Words { get; init; } = "";

    public long State { get; init; }

    /// <summary>Number of attempts that were begun and not handed back.</summary>
    public long Attempts { get; init; }

    /// <summary>The message <see cref="AgentProgress"/>, serialised; empty for none.</summary>
    public byte[] Progress { get; init; } = [];

    public bool HasEnded => State == (long)TurnState.Ended;
}
