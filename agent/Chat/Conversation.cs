using Microsoft.SemanticKernel.ChatCompletion;
using Rewas.Agent.Models;
using Rewas.Agent.Sessions;
using Rewas.Agent.Tools;

namespace Rewas.Agent.Chat;

/// <summary>
/// Answers one turn. The language model answers if one is configured and works. Otherwise, or if it fails midway, the embedded service
/// does.
/// </summary>
public sealed class Conversation(AgentParts parts)
{
    public const string Embedded = "embedded";

    /// <summary>Messages to keep, including function results. The oldest turns are dropped first.</summary>
    const int MostMessages = 60;

    readonly OfflineChatService offline = new();

    /// <returns>The name of the service that answered.</returns>
    public async Task<string> AnswerAsync(Session session, string words, Action<AgentEvent> emit, CancellationToken cancel)
    {
        session.Turns++;
        session.LastWords = words;
        Trim(session.History);
        session.History.AddUserMessage(words);
        var kernel = KernelSetup.Create(new SoundTools(session, parts, emit), emit);
        var (before, made) = (session.History.Count, session.Candidates.Count);
        if (parts.Model.IsConfigured)
        {
            try
            {
                await parts.Model.AnswerAsync(session.History, kernel, emit, cancel);
                return parts.Model.Name;
            }
            catch (ModelFailure failure)
            {
                session.History.RemoveRange(before, session.History.Count - before);   // half an answer would confuse the next one
                emit(new AgentEvent.Text($"\n[The language model {failure.Message}; I go on without it.]\n"));
            }
        }
        var answer = new System.Text.StringBuilder();
        void Say(string text)
        {
            answer.Append(text);
            emit(new AgentEvent.Text(text));
        }
        if (session.Candidates.Count > made)
            Say($"The requested files are made: {string.Join(", ", session.Candidates.Skip(made).Select(candidate => candidate.File))}.");
        else
            await foreach (var text in offline.GetStreamingChatMessageContentsAsync(session.History, null, kernel, cancel))
                Say(text.Content ?? "");
        session.History.AddAssistantMessage(answer.ToString());
        return Embedded;
    }

    /// <summary>Leaves a history that can go on after the user has stopped an answer. Half an answer would confuse the next one.</summary>
    public static void BreakOff(Session session)
    {
        while (session.History.Count > 0 && session.History[^1].Role != AuthorRole.User)
            session.History.RemoveAt(session.History.Count - 1);
        session.History.AddAssistantMessage("The user has stopped this answer.");
    }

    /// <summary>Drops whole turns, because a function result must not remain without its call.</summary>
    static void Trim(ChatHistory history)
    {
        while (history.Count > MostMessages)
        {
            history.RemoveAt(0);
            while (history.Count > 0 && history[0].Role != AuthorRole.User)
                history.RemoveAt(0);
        }
    }
}
