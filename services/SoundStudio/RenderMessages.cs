using Google.Protobuf.WellKnownTypes;
using Rewas.Rendering;
using Rewas.Rendering.Guards;
using Rewas.Sound.Curves;
using Rewas.Store.Leases;
using Rewas.V1;
using EnergyCurve = Rewas.Sound.Curves.EnergyCurve;

namespace Rewas.SoundStudio;

/// <summary>Converts renders to messages.</summary>
static class RenderMessages
{
    /// <summary>The state of a render.</summary>
    /// <param name="local">The render in this replica, if it is here.</param>
    /// <param name="made">The sound, if it is made.</param>
    public static RenderStatus StatusOf(LeaseRow row, StudioRendering? local, MadeSound? made)
    {
        var request = StartRenderRequest.Parser.ParseFrom(row.Document);
        var status = new RenderStatus
        {
            RenderId = row.Id,
            VideoId = row.Parent,
            TotalSamples = SamplesOf(row, request),
            Samples = local?.Samples ?? 0,
            Request = new(request) { IdempotencyKey = "" },
            Created = Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(row.Created)),
            Progress = local?.State.ToMessage() ?? new(),
        };
        switch ((RenderStage)row.State)
        {
            case RenderStage.Made:
                (status.State, status.End, status.Samples) = (V1.RenderState.Succeeded, EndOf(made!), status.TotalSamples);
                break;
            case RenderStage.Failed:
                var failure = RenderFailure.Of(row.Progress);
                (status.State, status.Error, status.ErrorStatus, status.ErrorField) =
                    (V1.RenderState.Failed, failure.Message, failure.Status, failure.Field ?? "");
                break;
            case RenderStage.Cancelled:
                status.State = V1.RenderState.Cancelled;
                break;
            default:
                if (local is null)
                    status.Progress = RenderProgress.Parser.ParseFrom(row.Progress);
                status.State = status.Progress.Steps == 0 ? V1.RenderState.Queued : V1.RenderState.Running;
                break;
        }
        return status;
    }

    public static RenderEnd EndOf(MadeSound made)
    {
        var end = new RenderEnd
        {
            Samples = made.Result.Samples,
            Curve = EnergyCurve.Of([.. made.Result.Energy]).ToMessage(),
            Sampler = made.Result.Sampler,
            Elapsed = Duration.FromTimeSpan(made.Result.Elapsed),
            Guard = made.Guard is { } guard ? FactsOf(guard) : null,
        };
        foreach (var candidate in made.Candidates)
        {
            var message = new StudioCandidate { Candidate = candidate.Candidate, Sha256 = candidate.Sound.Sha256 };
            message.Heard.AddRange((candidate.Guard?.Heard ?? []).Select(part => part.Kind).Distinct());
            message.Faults.AddRange(candidate.Guard?.Signal.Faults ?? []);
            if (candidate.Scores is { } scores)
            {
                (message.Score, message.Clipping, message.Hum) = (scores.Total, scores.Clipping, scores.Hum);
                if (scores.EnergyError is { } error)
                    message.EnergyError = error;
                if (scores.Similarity is { } similarity)
                    message.Similarity = similarity;
                if (scores.OnsetAgreement is { } onsets)
                    message.OnsetAgreement = onsets;
            }
            end.Candidates.Add(message);
        }
        return end;
    }

    static GuardFacts FactsOf(GuardUsed guard) => new()
    {
        By = guard.Report.By ?? "",
        Heard =
        {
            guard.Report.Heard.Select(
                part => new V1.HeardPart { Kind = part.Kind, From = part.From, To = part.To, Score = part.Score }),
        },
        Unwanted = { guard.Unwanted },
        Slipped = guard.Slipped,
        Faults = { guard.Report.Signal.Faults },
        Seeds = { guard.Tries.Select(one => one.Seed) },
        Seed = guard.Tries[guard.Chosen].Seed,
        Notes = { guard.Lines() },
    };

    /// <summary>Number of sounds that a render makes: the candidates and the environment.</summary>
    public static int SoundsOf(StartRenderRequest request) =>
        Math.Max(1, request.Options.Candidates) + (request.Environment is null ? 0 : 1);

    /// <summary>Bytes that a render keeps. The first candidate is stored twice: while it is made, and whole.</summary>
    public static long KeptBytes(StartRenderRequest request, long samples) => samples * BytesOfSample(request);

    /// <summary>Number of samples of each sound of a render.</summary>
    public static long SamplesOf(LeaseRow row, StartRenderRequest request) => row.Bytes / BytesOfSample(request);

    static long BytesOfSample(StartRenderRequest request) =>
        SoundMaker.MostBytesOfFrame(request.ToOrder()) * (SoundsOf(request) + 1L);
}
