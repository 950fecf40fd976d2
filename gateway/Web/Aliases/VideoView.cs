using System.ComponentModel;
using Rewas.Gateway.Web.Sounds;
using Rewas.V1;

namespace Rewas.Gateway.Web.Aliases;

/// <summary>A sound in the form of OpenAI's videos.</summary>
sealed record VideoView
{
    [Description("Names the video in other calls. It is the id of the sound.")]
    public required string Id { get; init; }

    [Description("Always \"video\".")]
    public string Object { get; init; } = "video";

    [Description("queued, in_progress, completed or failed.")]
    public required string Status { get; init; }

    [Description("Finished part, 0 to 100.")]
    public required int Progress { get; init; }

    [Description("When it was ordered, in seconds since 1970.")]
    public required long CreatedAt { get; init; }

    public VideoError? Error { get; init; }

    /// <summary>
    /// The answer to an order. It says queued however fast the sound is made: Pallaidium polls only then, and hosted services say so too.
    /// </summary>
    public static VideoView OfNew(RenderStatus render) => Of(render) with { Status = "queued", Progress = 0, Error = null };

    public static VideoView Of(RenderStatus render) => new()
    {
        Id = render.RenderId,
        Status = render.State switch
        {
            RenderState.Succeeded => "completed",
            RenderState.Failed or RenderState.Cancelled => "failed",
            RenderState.Running => "in_progress",
            _ => "queued",
        },
        Progress = (int)(100 * JobView.PartOf(render)),
        CreatedAt = render.Created.Seconds,
        Error = render.State switch
        {
            RenderState.Failed => new(((Grpc.Core.StatusCode)render.ErrorStatus).ToString(), render.Error),
            RenderState.Cancelled => new("Cancelled", "the sound was cancelled"),
            _ => null,
        },
    };
}

sealed record VideoError(string Code, string Message);

/// <summary>A sound in the form of a job of Pallaidium's backends.</summary>
sealed record JobView
{
    public required string Id { get; init; }

    [Description("queued, running, succeeded or failed.")]
    public required string Status { get; init; }

    [Description("What is done now.")]
    public required string Phase { get; init; }

    [Description("Finished part, 0 to 1.")]
    public required double Progress { get; init; }

    [Description("Names the film with its sound at /v1/files/{id}; absent until it has succeeded.")]
    public string? FileId { get; init; }

    [Description("Why it failed.")]
    public string? Error { get; init; }

    public static JobView Of(RenderStatus render) => new()
    {
        Id = render.RenderId,
        Status = render.State switch
        {
            RenderState.Succeeded => "succeeded",
            RenderState.Failed or RenderState.Cancelled => "failed",
            RenderState.Running => "running",
            _ => "queued",
        },
        Phase = render.State == RenderState.Queued ? "looking at the picture" : "making sound",
        Progress = PartOf(render),
        FileId = render.State == RenderState.Succeeded ? SoundFile.IdOf(render.RenderId) : null,
        Error = render.State switch
        {
            RenderState.Failed => render.Error,
            RenderState.Cancelled => "the sound was cancelled",
            _ => null,
        },
    };

    /// <summary>The finished part, 0 to 1.</summary>
    public static double PartOf(RenderStatus render) => render switch
    {
        { State: RenderState.Succeeded } => 1,
        { Progress: { Windows: > 0, Steps: > 0 } now } =>
            Math.Min(1, (now.WindowsDone + (double)now.Step / now.Steps) / now.Windows),
        _ => 0,
    };
}
