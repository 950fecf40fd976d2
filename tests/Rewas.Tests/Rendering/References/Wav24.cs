using System.Buffers.Binary;

namespace Rewas.Tests.Rendering.References;

/// <summary>WAV files with any header.</summary>
static class Wav24
{
    /// <summary>Noise in 24 bits, channels in turns.</summary>
    public static int[] Noise(int seed, int samples)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, samples).Select(_ => random.Next(-400_000, 400_000))];
    }

    public static byte[] Of(int sampleRate, int channels, int[] samples)
    {
        var data = new byte[samples.Length * 3];
        for (var i = 0; i < samples.Length; i++)
            (data[3 * i], data[3 * i + 1], data[3 * i + 2]) = ((byte)samples[i], (byte)(samples[i] >> 8), (byte)(samples[i] >> 16));
        return File(tag: 1, sampleRate, channels, bits: 24, data, data.Length);
    }

    public static byte[] OfFloats(int sampleRate, float[] samples)
    {
        var data = new byte[samples.Length * sizeof(float)];
        Buffer.BlockCopy(samples, 0, data, 0, data.Length);
        return File(tag: 3, sampleRate, channels: 1, bits: 32, data, data.Length);
    }

    /// <param name="promised">Length of the data, as the header says.</param>
    public static byte[] File(short tag, int sampleRate, int channels, int bits, byte[] data, int promised)
    {
        var header = new byte[44];
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), 36 + promised);
        "WAVEfmt "u8.CopyTo(header.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(20), tag);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(22), (short)channels);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(24), sampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(28), sampleRate * channels * bits / 8);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(32), (short)(channels * bits / 8));
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(34), (short)bits);
        "data"u8.CopyTo(header.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(40), promised);
        return [.. header, .. data];
    }
}
