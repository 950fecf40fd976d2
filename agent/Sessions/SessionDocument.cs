using System.Text.Json;
using System.Text.Json.Serialization;
using Google.Protobuf;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Rewas.Rendering;
using Rewas.Sound.Curves;

namespace Rewas.Agent.Sessions;

/// <summary>
/// A session as the database keeps it, JSON. What the networks see in a video is left out: it depends on the video and the bundle alone, so
/// a replica that needs it looks again.
/// </summary>
sealed record SessionDocument
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    public int Turns { get; init; }

    public string LastWords { get; init; } = "";

    /// <summary>Number of the current video; 0 for none.</summary>
    public int Current { get; init; }

    public IReadOnlyList<KeptMessage> History { get; init; } = [];

    public IReadOnlyList<KeptVideo> Videos { get; init; } = [];

    public IReadOnlyList<KeptCandidate> Candidates { get; init; } = [];

    /// <summary>Absent in documents of earlier releases.</summary>
    public KeptRecordings? Recordings { get; init; }

    public static SessionDocument Of(Session session) => new()
    {
        Recordings = session.Recordings.ToKept(),
        Turns = session.Turns,
        LastWords = session.LastWords,
        Current = session.Current?.Number ?? 0,
        History = [.. session.History.Select(KeptMessage.Of)],
        Videos = [.. session.Videos.Select(video => new KeptVideo(
            video.Number, video.Name, video.Id, video.Prompt, video.ModelCaption, Bytes(video.Edits), video.Reports)
        {
            Stereo = video.Stereo,
        })],
        Candidates = [.. session.Candidates.Select(made => new KeptCandidate(
            made.Number, made.File, made.Prompt, made.Seed, Bytes(made.Edits), made.Follows, made.Scores, made.Recordings, made.Video,
            made.Bytes)
        {
            Pieces = made.Pieces,
            Seconds = made.Seconds,
        })],
    };

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    public static SessionDocument Parse(byte[] json) => json.Length == 0 ? new() : JsonSerializer.Deserialize<SessionDocument>(json, Json)!;

    /// <summary>Fills a new session. Its videos are given with their files.</summary>
    public void FillIn(Session session, IEnumerable<SessionVideo> videos)
    {
        (session.Turns, session.LastWords) = (Turns, LastWords);
        if (Recordings is { } recordings)
            session.Recordings.FillIn(recordings);
        session.History.AddRange(History.Select(message => message.ToContent()));
        foreach (var (kept, video) in Videos.Zip(videos))
        {
            (video.Prompt, video.ModelCaption) = (kept.Prompt, kept.ModelCaption);
            video.Edits.AddRange(Edits(kept.Edits));
            video.Stereo = kept.Stereo;
            foreach (var (prompt, report) in kept.Reports)
                video.Keep(prompt, report);
            session.Videos.Add(video);
        }
        session.Current = session.Videos.Find(video => video.Number == Current);
        session.Candidates.AddRange(Candidates.Select(made =>
            new Candidate(made.Number, made.File, made.Prompt, made.Seed, [.. Edits(made.Edits)])
            {
                Follows = made.Follows,
                Scores = made.Scores,
                Recordings = made.Recordings,
                Pieces = made.Pieces,
                Seconds = made.Seconds,
                Video = made.Video,
                Bytes = made.Bytes,
            }));
    }

    static IReadOnlyList<byte[]> Bytes(IEnumerable<CurveEdit> edits) => [.. edits.Select(edit => edit.ToMessage().ToByteArray())];

    static IEnumerable<CurveEdit> Edits(IEnumerable<byte[]> edits) => edits.Select(edit => V1.CurveEdit.Parser.ParseFrom(edit).ToEdit());
}

/// <param name="Id">Id of the upload.</param>
/// <param name="Edits">Messages <see cref="V1.CurveEdit"/>, serialised.</param>
sealed record KeptVideo(
    int Number, string Name, string Id, string? Prompt, ModelCaption? ModelCaption, IReadOnlyList<byte[]> Edits,
    IReadOnlyDictionary<string, CheckedPrompt> Reports)
{
    /// <summary>Absent in documents of earlier releases.</summary>
    public StereoWish Stereo { get; init; } = StereoWish.None;
}

sealed record KeptCandidate(
    int Number, string File, string Prompt, uint Seed, IReadOnlyList<byte[]> Edits, double Follows, CandidateScores? Scores,
    IReadOnlyList<string> Recordings, int Video, long Bytes)
{
    public IReadOnlyList<CandidatePiece> Pieces { get; init; } = [];

    public double? Seconds { get; init; }
}

/// <summary>A message of the history. Results of functions are text.</summary>
sealed record KeptMessage(string Role, string Text, IReadOnlyList<KeptCall> Calls, IReadOnlyList<KeptCallResult> Results)
{
    public static KeptMessage Of(ChatMessageContent message) => new(
        message.Role.Label,
        message.Content ?? "",
        [
            .. message.Items.OfType<FunctionCallContent>().Select(call => new KeptCall(
                call.Id,
                call.PluginName,
                call.FunctionName,
                call.Arguments?.ToDictionary(value => value.Key, value => value.Value?.ToString()))),
        ],
        [
            .. message.Items.OfType<FunctionResultContent>().Select(result => new KeptCallResult(
                result.CallId, result.PluginName, result.FunctionName, result.Result?.ToString() ?? "")),
        ]);

    public ChatMessageContent ToContent()
    {
        var message = new ChatMessageContent(new AuthorRole(Role), Text);
        if (Results.Count > 0)
            message.Items.Clear();                                           // the results are the whole message
        foreach (var call in Calls)
            message.Items.Add(new FunctionCallContent(
                call.Function, call.Plugin, call.Id,
                new KernelArguments((call.Arguments ?? []).ToDictionary(value => value.Key, value => (object?)value.Value))));
        foreach (var result in Results)
            message.Items.Add(new FunctionResultContent(result.Function, result.Plugin, result.CallId, result.Text));
        return message;
    }
}

sealed record KeptCall(string? Id, string? Plugin, string Function, Dictionary<string, string?>? Arguments);

sealed record KeptCallResult(string? CallId, string? Plugin, string? Function, string Text);
