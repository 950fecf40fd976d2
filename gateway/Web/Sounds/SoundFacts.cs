using System.ComponentModel;
using System.Text.Json;
using Grpc.Core;
using Microsoft.AspNetCore.Mvc;
using Rewas.Gateway.Web.Calls;
using Rewas.V1;

namespace Rewas.Gateway.Web.Sounds;

/// <summary>What is known of a made sound beside its samples: how it was made, where its pieces lie, how loud it is.</summary>
static class SoundFacts
{
    public static async Task<IResult> SidecarAsync(string id, HttpContext context, CallerServices services, [FromQuery] int? candidate)
    {
        var sidecar = await ReadAsync(services.Studio, id, candidate, context.RequestAborted);
        return TypedResults.Bytes(sidecar, "application/json", "sound.json");
    }

    public static async Task<IResult> PlacementAsync(string id, HttpContext context, CallerServices services, [FromQuery] int? candidate)
    {
        using var sidecar = JsonDocument.Parse(await ReadAsync(services.Studio, id, candidate, context.RequestAborted));
        return TypedResults.Ok(PlacementView.Of(sidecar.RootElement));
    }

    public static async Task<IResult> LevelsAsync(
        string id, HttpContext context, CallerServices services, [FromQuery] int? candidate, [FromQuery] string? stem) =>
        TypedResults.Ok(LevelsView.Of(await services.Studio.MeasureExportAsync(
            new() { RenderId = id, Rank = candidate ?? 0, Stem = stem ?? "" }, cancellationToken: context.RequestAborted)));

    /// <summary>The sidecar comes before the file's bytes, which are not read.</summary>
    static async Task<byte[]> ReadAsync(
        SoundStudio.SoundStudioClient studio, string id, int? candidate, CancellationToken cancellation)
    {
        using var call = studio.Export(new() { RenderId = id, Rank = candidate ?? 0 }, cancellationToken: cancellation);
        var sidecar = new MemoryStream();
        await foreach (var part in call.ResponseStream.ReadAllAsync(cancellation))
        {
            if (part.Chunk.Length > 0)
                break;
            part.Sidecar.WriteTo(sidecar);
        }
        return sidecar.ToArray();
    }
}

/// <summary>How loud a sound is.</summary>
sealed record LevelsView
{
    [Description("Programme loudness after ITU-R BS.1770-4, LUFS; absent for silence.")]
    public double? Loudness { get; init; }

    [Description("True peak, dBTP; absent for silence.")]
    public double? TruePeak { get; init; }

    public static LevelsView Of(SoundLevels levels) => new()
    {
        Loudness = levels.HasLoudness ? levels.Loudness : null,
        TruePeak = levels.HasTruePeak ? levels.TruePeak : null,
    };
}
