using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Threading.Channels;
using Rewas.Client;
using Rewas.Clip;
using Rewas.Clip.Files;
using Rewas.Sound.Wav;
using Rewas.Video;

namespace Rewas.Rendering;

/// <summary>
/// A sound that is written while it is being made: into the muxer, and into a WAV file if asked for. Files appear only when all of it came.
/// </summary>
sealed class StreamedSound : IAsyncDisposable
{
    /// <summary>Chunks on their way to the muxer; when it is slow, the vocoder waits.</summary>
    const int ChunksInFlight = 8;

    readonly Channel<ReadOnlyMemory<float>> toMuxer = Channel.CreateBounded<ReadOnlyMemory<float>>(ChunksInFlight);
    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    readonly PartialFile? wavFile;
    readonly FileStream? wavStream;
    readonly WavWriter? wav;

    readonly string? wavPath;

    StreamedSound(string? wavPath, PartialFile? wavFile, FileStream? wavStream, WavWriter? wav) =>
        (this.wavPath, this.wavFile, this.wavStream, this.wav) = (wavPath, wavFile, wavStream, wav);

    /// <summary>Makes a sound and its files. The muxer runs beside the stages.</summary>
    /// <param name="request">What they are asked for; where the sound goes is decided here.</param>
    /// <param name="files">Where the files go.</param>
    /// <param name="layers">Keeps the samples too; null for nobody.</param>
    /// <returns>How it was made, and the SHA-256 of the samples.</returns>
    public static async Task<(GenerateResult Result, string Sha256)> MakeAsync(
        RewasClient client,
        GenerateRequest request,
        VideoClip clip,
        SoundFiles files,
        SoundLayers? layers,
        IProgress<GenerateProgress>? progress,
        CancellationToken cancellation)
    {
        await using var sound = await CreateAsync(files.WavPath, cancellation);
        var kept = layers?.Create("sound", decibels: 0);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var muxing = files.SoundOnly ? Task.CompletedTask
            : Muxer.MuxAsync(clip.Path, clip.Facts, sound.Samples, ClipTiming.SampleRate, files.Output, stop.Token);
        var generating = client.GenerateAsync(request with { Sink = WriteAsync }, progress, stop.Token);
        var result = await TogetherAsync(generating, muxing, sound, stop);
        if (kept is not null)
            await kept.CompleteAsync();
        return (result, await sound.CompleteAsync());

        async ValueTask WriteAsync(ReadOnlyMemory<float> samples, CancellationToken token)
        {
            if (kept is not null)
                await kept.WriteAsync(samples, token);
            await sound.WriteAsync(samples, mux: !files.SoundOnly, token);
        }
    }

    /// <summary>Both must end well. When one fails the other is stopped, and the failure that came first is told.</summary>
    static async Task<GenerateResult> TogetherAsync(Task<GenerateResult> generating, Task muxing, StreamedSound sound,
        CancellationTokenSource stop)
    {
        var first = await Task.WhenAny(generating, muxing);
        if (first == muxing && muxing.IsFaulted)
            await stop.CancelAsync();
        else
        {
            await ((Task)generating).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            sound.End(generating.IsCompletedSuccessfully ? null : new OperationCanceledException("no more sound comes"));
            if (!generating.IsCompletedSuccessfully)
                await stop.CancelAsync();
            first = generating;
        }
        await ((Task)Task.WhenAll(generating, muxing)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
        await muxing;
        return await generating;
    }

    static async Task<StreamedSound> CreateAsync(string? wavPath, CancellationToken cancel)
    {
        if (wavPath is null)
            return new(null, null, null, null);
        var file = PartialFile.Create(wavPath, "wav");
        var stream = File.Create(file.Path);
        return new(wavPath, file, stream,
            await WavWriter.CreateAsync(stream, ClipTiming.SampleRate, WavEncoding.Float32, cancellationToken: cancel));
    }

    /// <summary>What the muxer reads.</summary>
    IAsyncEnumerable<ReadOnlyMemory<float>> Samples => toMuxer.Reader.ReadAllAsync();

    /// <summary>Takes the next samples.</summary>
    /// <param name="samples">Mono, 16 kHz; used after the call has returned.</param>
    /// <param name="mux">Whether somebody reads <see cref="Samples"/>.</param>
    /// <param name="cancel">Ends the waiting.</param>
    async ValueTask WriteAsync(ReadOnlyMemory<float> samples, bool mux, CancellationToken cancel)
    {
        hash.AppendData(MemoryMarshal.AsBytes(samples.Span));
        try
        {
            if (wav is not null)
                await wav.WriteAsync(samples, cancel);
        }
        catch (Exception failure) when (FileFault.IsExpected(failure))
        {
            throw FileFault.Writing("wav", wavPath!, failure);
        }
        if (mux)
            await toMuxer.Writer.WriteAsync(samples.ToArray(), cancel);
    }

    /// <summary>The muxer sees the end of the sound, or why there is none.</summary>
    void End(Exception? why = null) => toMuxer.Writer.TryComplete(why);

    /// <summary>Finishes the WAV file.</summary>
    /// <returns>SHA-256 of all samples, float32 little-endian.</returns>
    async Task<string> CompleteAsync()
    {
        if (wav is not null)
        {
            await wav.DisposeAsync();
            await wavStream!.DisposeAsync();
            wavFile!.Complete();
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public async ValueTask DisposeAsync()
    {
        using (hash)
        using (wavFile)
        {
            try
            {
                if (wavStream is not null)
                    await wavStream.DisposeAsync();
            }
            catch (IOException)
            {
                // What could not be written is not written now either: the disk is full, and that is told already.
            }
        }
    }
}
