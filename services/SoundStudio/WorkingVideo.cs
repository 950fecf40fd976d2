using Rewas.Client;
using Rewas.Clip.Files;
using Rewas.PromptCheck;
using Rewas.Protocol;
using Rewas.Rendering;
using Rewas.Sound.Curves;
using Rewas.Video;

namespace Rewas.SoundStudio;

/// <summary>The file of a video in this replica. The caller does not choose its name.</summary>
public sealed class WorkingVideo(LeasedVideo leased, PrivateFolder folder, IDisposable room) : IDisposable
{
    readonly Lock gate = new();
    OpenVideo? open;
    VideoSource? source;
    KnownEnergy? predicted;

    public LeasedVideo Leased => leased;

    public string Path => folder.File("video");

    /// <summary>The probed facts; null before the first use.</summary>
    public VideoFacts? Facts { get; set; }

    /// <summary>What the networks found in the video; null before the first look.</summary>
    public SeenVideo? Seen { get; set; }

    /// <summary>Number of calls and renders that use the file.</summary>
    internal int Users { get; set; }

    /// <summary>Timestamp of the last use.</summary>
    internal long UsedAt { get; set; }

    /// <summary>True when the file is to be deleted after its last use.</summary>
    internal bool Gone { get; set; }

    /// <summary>The video for the stages. Stages in this process read the file itself.</summary>
    public VideoClip ClipFor(StudioStages stages, VideoFacts facts)
    {
        lock (gate)
        {
            if (source is null)
            {
                open = stages.Offer(Path, facts);
                source = VideoSource.FromFile(Path) with { Opened = open?.Token };
            }
            var clip = new VideoClip(Path, facts) { Source = source, Name = leased.ShownName };
            return leased.Announced.BlankSeconds > 0 ? clip.AsBlank() : clip with { Known = Seen?.Known ?? predicted };
        }
    }

    /// <summary>Keeps the energy that a render has predicted from the picture, for the next one.</summary>
    public void Learn(GenerateResult made)
    {
        if (made.PredictedEnergy.Count == 0 || made.Summaries.All(stage => stage.Stage != StageNames.EnergyPredictor))
            return;
        lock (gate)
            predicted ??= new(EnergyCurve.Of([.. made.PredictedEnergy]), made.Video) { Descriptors = made.Descriptors };
    }

    public void Dispose()
    {
        open?.Dispose();
        folder.Dispose();
        room.Dispose();
    }
}
