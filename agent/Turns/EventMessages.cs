using Rewas.Agent.Sessions;
using Rewas.PromptCheck;
using Rewas.V1;

namespace Rewas.Agent.Turns;

/// <summary>Converts the events of a turn to messages.</summary>
static class EventMessages
{
    public static ChatEvent Of(AgentEvent happened) => happened switch
    {
        AgentEvent.Text text => new() { Text = text.Words },
        AgentEvent.Tool tool => new() { Tool = new() { Name = tool.Name, Arguments = tool.Arguments } },
        AgentEvent.Checked check => new() { Conflict = ReportMessages.Of(check.Report) },
        AgentEvent.Progress progress => new() { Progress = new() { What = progress.What, Part = progress.Part } },
        AgentEvent.Made made =>
            new()
            {
                File = new()
                {
                    Name = made.Candidate.File,
                    Bytes = made.Candidate.Bytes,
                    Prompt = made.Candidate.Prompt,
                    Seed = made.Candidate.Seed,
                },
            },
        _ => throw new ArgumentOutOfRangeException(nameof(happened), happened, "has no message"),
    };
}
