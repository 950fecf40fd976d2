using System.ComponentModel;
using Rewas.V1;

namespace Rewas.Gateway.Web.Sounds;

/// <summary>What a sound would take.</summary>
sealed record EstimateView
{
    [Description("Windows of 5.12 s to sample, for each candidate and for the environment.")]
    public required int Windows { get; init; }

    [Description("Steps of each window.")]
    public required int Steps { get; init; }

    [Description("Seconds until it is made, with the sounds before it. Absent until the server has made a first sound.")]
    public double? Seconds { get; init; }

    [Description("The part of it that is spent waiting for sounds before it.")]
    public double? WaitingSeconds { get; init; }

    [Description("Sounds that are being made.")]
    public required int SoundsBefore { get; init; }

    [Description("Bytes of samples that the server keeps until the lease of the file ends.")]
    public required long KeptBytes { get; init; }

    public static EstimateView Of(RenderEstimate estimate) => new()
    {
        Windows = estimate.Windows,
        Steps = estimate.Steps,
        Seconds = estimate.Expected?.ToTimeSpan().TotalSeconds,
        WaitingSeconds = estimate.Waiting?.ToTimeSpan().TotalSeconds,
        SoundsBefore = estimate.RendersBefore,
        KeptBytes = estimate.KeptBytes,
    };
}
