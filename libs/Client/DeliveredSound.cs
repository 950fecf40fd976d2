using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Rewas.Client;

/// <summary>Passes the sound of one candidate to its sink. The sink gets each sample once, however often the request is repeated.</summary>
/// <param name="until">Cancelled at the request's end. A sink is not interrupted between two attempts, because it may have taken a part
/// of the samples by then.</param>
sealed class DeliveredSound(WaveSink sink, CancellationToken until)
{
    readonly Replay replay = new();

    /// <summary>Samples that the sink has.</summary>
    public long Delivered { get; private set; }

    /// <summary>Whether the current attempt has made all samples that the sink has.</summary>
    public bool HasCaughtUp => replay.HasCaughtUp;

    public void Restart() => replay.Restart();

    /// <returns>False if the samples differ from those delivered before.</returns>
    /// <exception cref="SinkFailure">The sink failed.</exception>
    public async ValueTask<bool> WriteAsync(ReadOnlyMemory<float> wave)
    {
        if (replay.Skip(MemoryMarshal.AsBytes(wave.Span)) is not { } known)
            return false;
        var rest = wave[(known / sizeof(float))..];
        if (rest.IsEmpty)
            return true;
        try
        {
            await sink(rest, until);
        }
        catch (Exception reason) when (reason is not OperationCanceledException || !until.IsCancellationRequested)
        {
            throw new SinkFailure(reason);
        }
        replay.Deliver(MemoryMarshal.AsBytes(rest.Span));
        Delivered += rest.Length;
        return true;
    }
}

/// <summary>
/// The caller's sink failed. It is never tried again, whatever it threw, because it may have taken a part of the samples.
/// </summary>
sealed class SinkFailure(Exception reason) : Exception("the sink failed", reason)
{
    /// <summary>Throws what the sink threw.</summary>
    public void Rethrow() => ExceptionDispatchInfo.Throw(InnerException!);
}
