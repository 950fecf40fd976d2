using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Grpc.Core;
using Rewas.Protocol.Orders;
using Rewas.V1;
using ClipTiming = Rewas.Clip.ClipTiming;

namespace Rewas.Protocol.Sounds;

/// <summary>A sound that is being made or has ended.</summary>
sealed record SoundView
{
    [Description("Names the sound in other calls.")]
    public required string Id { get; init; }

    [Description("Always \"sound\".")]
    public string Object { get; init; } = "sound";

    [Description("queued, running, succeeded, failed or cancelled.")]
    public required string Status { get; init; }

    [Description("The file that it is made for.")]
    public required string File { get; init; }

    public required DateTimeOffset Created { get; init; }

    [Description("The options of the order that are set, by name.")]
    public required IReadOnlyDictionary<string, JsonElement> Options { get; init; }

    public required SoundProgress Progress { get; init; }

    [Description("Length of the sound, s.")]
    public required double Seconds { get; init; }

    [Description("The best first; absent until it has succeeded.")]
    public IReadOnlyList<CandidateView>? Candidates { get; init; }

    [Description("What the guard heard; absent until it has succeeded, or if nobody listened.")]
    public GuardView? Guard { get; init; }

    [Description("Why it failed.")]
    public SoundFailure? Error { get; init; }

    [Description("Addresses of what belongs to it.")]
    public required SoundLinks Urls { get; init; }

    [JsonIgnore]
    public bool HasEnded => Status is "succeeded" or "failed" or "cancelled";

    public static SoundView Of(RenderStatus render) => new()
    {
        Id = render.RenderId,
        Status = render.State.ToString().ToLowerInvariant(),
        File = render.VideoId,
        Created = render.Created.ToDateTimeOffset(),
        Options = OrderJson.Write(OrderOf(render.Request)),
        Progress = SoundProgress.Of(render.Progress, render.Samples),
        Seconds = (double)render.TotalSamples / ClipTiming.SampleRate,
        Candidates = render.End is { } end ? [.. end.Candidates.Select((candidate, rank) => CandidateView.Of(candidate, rank))] : null,
        Guard = render.End?.Guard is { } guard ? GuardView.Of(guard) : null,
        Error = render.State == RenderState.Failed
            ? new(
                StatusNames.Of((StatusCode)render.ErrorStatus), render.Error,
                render.ErrorField is { Length: > 0 } field ? field : null)
            : null,
        Urls = SoundLinks.Of(render.RenderId),
    };

    /// <summary>The order that a request made.</summary>
    public static SoundOrder OrderOf(StartRenderRequest request) => new()
    {
        Options = request.Options,
        Environment = request.Environment,
        Finish = request.Finish,
        Curve = request.Curve,
        Edits = { request.Edits },
        Format = request.Format,
        References = request.References,
        Delivery = request.Delivery,
    };
}

sealed record SoundProgress
{
    [Description("Number of sounds before it; 0 when its turn has come.")]
    public required int QueuePosition { get; init; }

    public required int WindowsDone { get; init; }

    [Description("Windows of 5.12 s to sample; 0 if not known yet.")]
    public required int Windows { get; init; }

    [Description("Finished steps of the current window.")]
    public required int Step { get; init; }

    public required int Steps { get; init; }

    [Description("Seconds that can be heard already, with stem=live.")]
    public required double SecondsReady { get; init; }

    public static SoundProgress Of(RenderProgress progress, long samples) => new()
    {
        QueuePosition = progress.QueuePosition,
        WindowsDone = progress.WindowsDone,
        Windows = progress.Windows,
        Step = progress.Step,
        Steps = progress.Steps,
        SecondsReady = (double)samples / ClipTiming.SampleRate,
    };
}

/// <summary>One of several sounds of an order. Scores are absent for an only candidate.</summary>
sealed record CandidateView
{
    [Description("Place among the candidates, from 0, the best first. The content is chosen by it.")]
    public required int Rank { get; init; }

    [Description("SHA-256 of its samples before the mix, float32 little-endian, lower-case hexadecimal.")]
    public required string Sha256 { get; init; }

    [Description("The score that ranks it.")]
    public double? Score { get; init; }

    [Description("Cosine of text and sound, -1 to 1.")]
    public double? Similarity { get; init; }

    [Description("Mean absolute difference between its energy and the curve, natural-log mel.")]
    public double? EnergyError { get; init; }

    [Description("F1 score of its onsets against the curve's rises.")]
    public double? OnsetAgreement { get; init; }

    [Description("Fraction of samples at full scale.")]
    public double? Clipping { get; init; }

    [Description("Level of the strongest lasting tone above its neighbours, dB.")]
    public double? Hum { get; init; }

    [Description("Voices and music that are heard in it: speech, singing, music.")]
    public required IReadOnlyList<string> Heard { get; init; }

    [Description("Faults of its signal: silence, clipping, click, hum. Empty if nobody listened.")]
    public required IReadOnlyList<string> Faults { get; init; }

    public static CandidateView Of(StudioCandidate candidate, int rank) => new()
    {
        Rank = rank,
        Sha256 = candidate.Sha256,
        Score = candidate.HasScore ? candidate.Score : null,
        Similarity = candidate.HasSimilarity ? candidate.Similarity : null,
        EnergyError = candidate.HasEnergyError ? candidate.EnergyError : null,
        OnsetAgreement = candidate.HasOnsetAgreement ? candidate.OnsetAgreement : null,
        Clipping = candidate.HasClipping ? candidate.Clipping : null,
        Hum = candidate.HasHum ? candidate.Hum : null,
        Heard = candidate.Heard,
        Faults = candidate.Faults,
    };
}

/// <param name="Code">The gRPC status.</param>
/// <param name="Message">One line.</param>
sealed record SoundFailure(string Code, string Message, string? Field);

sealed record SoundLinks(string Self, string Events, string Content, string Cancel, string Edits)
{
    public static SoundLinks Of(string id) => new(
        At(id, ""), At(id, "/events"), At(id, "/content"), At(id, "/cancel"), At(id, "/edits"));

    static string At(string id, string part) => string.Create(CultureInfo.InvariantCulture, $"/v1/sounds/{id}{part}");
}
