using Rewas.PromptCheck;

namespace Rewas.Agent.Sessions;

/// <summary>An event of a turn, sent as it happens.</summary>
public abstract record AgentEvent
{
    AgentEvent()
    {
    }

    public sealed record Text(string Words) : AgentEvent;

    public sealed record Tool(string Name, string Arguments) : AgentEvent;

    public sealed record Checked(ConflictReport Report) : AgentEvent;

    /// <param name="What">"looking" or "generating".</param>
    /// <param name="Part">0 to 1.</param>
    public sealed record Progress(string What, double Part) : AgentEvent;

    public sealed record Made(Candidate Candidate) : AgentEvent;
}
