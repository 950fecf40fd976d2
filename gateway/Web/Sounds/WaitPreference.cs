using System.Globalization;
using Grpc.Core;
using Rewas.Clip.Faults;
using Rewas.V1;

namespace Rewas.Gateway.Web.Sounds;

/// <summary>The header "Prefer: wait=N" (RFC 7240): how long an answer may wait for the end of a sound.</summary>
static class WaitPreference
{
    /// <exception cref="InputFault">The header names no seconds.</exception>
    public static TimeSpan Of(string? prefer, TimeSpan longest)
    {
        foreach (var preference in (prefer ?? "").Split([',', ';'], StringSplitOptions.TrimEntries))
            if (preference.Split('=', 2, StringSplitOptions.TrimEntries) is ["wait", var text])
                return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                    ? TimeSpan.FromSeconds(Math.Min(seconds, longest.TotalSeconds))
                    : throw InputFault.Invalid("Prefer", "must be wait=N with whole seconds");
        return TimeSpan.Zero;
    }

    /// <summary>Waits for the end of a render, at most for a time.</summary>
    /// <param name="report">Takes the progress; null for none.</param>
    public static async Task EndOfAsync(
        SoundStudio.SoundStudioClient studio, string render, TimeSpan longest, CancellationToken cancellation,
        Action<RenderProgress>? report = null)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(longest);
        using var call = studio.WatchRender(new() { RenderId = render, FromSample = long.MaxValue }, cancellationToken: patience.Token);
        try
        {
            while (await call.ResponseStream.MoveNext(patience.Token))
            {
                if (call.ResponseStream.Current.End is not null)
                    return;
                if (call.ResponseStream.Current.Progress is { } progress)
                    report?.Invoke(progress);
            }
        }
        catch (Exception failure) when (failure is RpcException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            // The time is up, or the render has failed. Its state says which.
        }
    }
}
