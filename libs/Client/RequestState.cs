using Google.Protobuf;
using Rewas.V1;

namespace Rewas.Client;

/// <summary>What one request keeps from attempt to attempt: its time, what was delivered, and the energy once it is known.</summary>
sealed class RequestState(
    RequestDeadline deadline,
    IReadOnlyList<DeliveredSound> sounds,
    Action<SegmentFeatures>? features,
    IProgress<GenerateProgress>? progress)
{
    readonly Replay featuresReplay = new();
    KnownEnergy? predicted;
    string bundleSha256 = "";
    bool videoTold;
    int attempts;

    public RequestDeadline Deadline => deadline;

    /// <summary>The sound of each candidate.</summary>
    public IReadOnlyList<DeliveredSound> Sounds => sounds;

    /// <summary>Time until the first sample; zero before it.</summary>
    public TimeSpan FirstSoundAfter { get; private set; }

    /// <summary>Summaries of the stages that predicted the energy, in pipeline order.</summary>
    public IReadOnlyList<StageSummary> Prediction { get; private set; } = [];

    /// <summary>Begins an attempt.</summary>
    /// <param name="described">The stages as they are now.</param>
    /// <returns>The energy that an earlier attempt predicted; null if there is none, or if the stages have another bundle now.</returns>
    public KnownEnergy? Begin(IReadOnlyList<DescribeResponse> described)
    {
        attempts++;
        if (bundleSha256 != described[0].BundleSha256)
            (predicted, Prediction) = (null, []);
        bundleSha256 = described[0].BundleSha256;
        foreach (var sound in sounds)
            sound.Restart();
        featuresReplay.Restart();
        return predicted;
    }

    /// <summary>Keeps the energy of the whole video. Later attempts send no video.</summary>
    public void Keep(KnownEnergy energy, IReadOnlyList<StageSummary> summaries) => (predicted, Prediction) = (energy, summaries);

    /// <summary>Passes the features of a segment on, unless the caller has them.</summary>
    /// <returns>False if they differ from those delivered before.</returns>
    public bool Take(SegmentFeatures segment)
    {
        if (features is null)
            return true;
        var bytes = segment.ToByteArray();
        if (featuresReplay.Skip(bytes) is not { } known || (known != 0 && known != bytes.Length))
            return false;
        if (known == 0)
        {
            features(segment);
            featuresReplay.Deliver(bytes);
        }
        return true;
    }

    /// <summary>Notes that sound has arrived. The first time counts.</summary>
    public void SoundArrived()
    {
        if (FirstSoundAfter == TimeSpan.Zero)
            FirstSoundAfter = deadline.Elapsed;
    }

    /// <summary>Reports the video's facts with the first attempt that finds them.</summary>
    public void VideoFound(VideoInfo video)
    {
        if (!videoTold)
            progress?.Report(new GenerateProgress.VideoFound(video));
        videoTold = true;
    }

    public void Repeats(StageFailure reason) => progress?.Report(new GenerateProgress.Repeated(attempts, reason.Message));
}
