using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Threading.Channels;
using Rewas.Audio;
using Rewas.Faults;
using Rewas.Networks;

namespace Rewas.Cli.Output;

/// <summary>
/// Where the waveform goes while it is being made: into the muxer, and into a WAV file if asked for. Files appear only when all of it came.
/// </summary>
sealed class SoundOutputs : IAsyncDisposable
{
    /// <summary>Chunks on their way to the muxer; when it is slow, the vocoder waits.</summary>
    const int ChunksInFlight = 8;

    readonly Channel<ReadOnlyMemory<float>> toMuxer = Channel.CreateBounded<ReadOnlyMemory<float>>(ChunksInFlight);
    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    readonly PartialFile? wavFile;
    readonly FileStream? wavStream;
    readonly WavWriter? wav;

    readonly string? wavPath;

    SoundOutputs(string? wavPath, PartialFile? wavFile, FileStream? wavStream, WavWriter? wav) =>
        (this.wavPath, this.wavFile, this.wavStream, this.wav) = (wavPath, wavFile, wavStream, wav);

    public static async Task<SoundOutputs> CreateAsync(string? wavPath, CancellationToken cancel)
    {
        if (wavPath is null)
            return new(null, null, null, null);
        var file = PartialFile.Create(wavPath, "wav");
        var stream = File.Create(file.Path);
        return new(wavPath, file, stream, await WavWriter.CreateAsync(stream, ClipTiming.SampleRate, WavEncoding.Float32, cancellationToken: cancel));
    }

    /// <summary>What the muxer reads.</summary>
    public IAsyncEnumerable<ReadOnlyMemory<float>> Samples => toMuxer.Reader.ReadAllAsync();

    /// <summary>Takes the next samples.</summary>
    /// <param name="samples">Mono, 16 kHz; used after the call has returned.</param>
    /// <param name="mux">Whether somebody reads <see cref="Samples"/>.</param>
    /// <param name="cancel">Ends the waiting.</param>
    public async ValueTask WriteAsync(ReadOnlyMemory<float> samples, bool mux, CancellationToken cancel)
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
    public void End(Exception? why = null) => toMuxer.Writer.TryComplete(why);

    /// <summary>Finishes the WAV file.</summary>
    /// <returns>SHA-256 of all samples, float32 little-endian.</returns>
    public async Task<string> CompleteAsync()
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
