using Rewas.Networks.Layers;

namespace Rewas.Networks.Architectures;

/// <summary>
/// A vocoder that stays at the mel's frame rate: ConvNeXt blocks predict magnitude and phase of a short-time Fourier transform, whose inverse is
/// the waveform. Vocos (Siuzdak, 2023, arXiv 2306.00814), published as gemelo-ai/vocos. It does a fraction of HiFi-GAN's work.
/// </summary>
public sealed class Vocos
{
    internal const int Kernel = 7;
    const float Epsilon = 1e-6f;

    readonly VocosConfiguration c;
    readonly Tensor embedWeight, embedBias;
    readonly float[] basis;
    readonly LayerNorm embedNorm, lastNorm;
    readonly VocosBlock[] blocks;
    readonly Linear head;

    public Vocos(Scope at, VocosConfiguration configuration)
    {
        c = configuration;
        var backbone = at / "backbone";
        embedWeight = (backbone / "embed")["weight", c.Channels, c.MelBins, Kernel];
        embedBias = (backbone / "embed").Get("bias", Init.Zeros, c.Channels);
        embedNorm = new(backbone / "norm", c.Channels, Epsilon);
        blocks = [.. Enumerable.Range(0, c.Layers).Select(i => new VocosBlock(backbone / "convnext" / i, c.Channels, c.HiddenChannels, Epsilon))];
        lastNorm = new(backbone / "final_layer_norm", c.Channels, Epsilon);
        head = new(at / "head" / "out", c.Channels, 2 * c.SpectrumBins);
        basis = SynthesisBasis(c);
    }

    public static NetworkDefinition Define(VocosConfiguration c)
    {
        c.Check();
        return new("vocos",
            [new("mel", ElementType.Float32, [-1, c.MelBins, -1], "Log mel, bins before frames.")],
            [new("wave", ElementType.Float32, [-1, 1, -1], "Samples in [-1, 1], a hop for each frame.")],
            scope =>
            {
                var network = new Vocos(scope, c);
                return inputs => [network.Forward(inputs[0])];
            });
    }

    public Tensor Forward(Tensor mel)                                        // [B, M, T]
    {
        const float LoudestMagnitude = 1e2f;
        var x = mel.Conv1d(embedWeight, embedBias, padding: Kernel / 2);     // [B, C, T]
        x = embedNorm.Forward(x.Transpose(0, 2, 1));                         // [B, T, C]
        foreach (var block in blocks)
            x = block.Forward(x);
        var parts = head.Forward(lastNorm.Forward(x)).Transpose(0, 2, 1).Split(2, 1);   // log magnitude and phase, each [B, N / 2 + 1, T]
        var magnitude = parts[0].Clamp(-30, 30).Exp().Clamp(0, LoudestMagnitude);
        var spectrum = (magnitude * parts[1].Cos()).Concat(1, magnitude * parts[1].Sin());   // real, imaginary: [B, N + 2, T]
        var synthesis = mel.Constant(basis, 2 * c.SpectrumBins, 1, c.FrameSamples);
        return spectrum.ConvTranspose1d(synthesis, null, c.HopSamples, (c.FrameSamples - c.HopSamples) / 2).Clamp(-1, 1);   // [B, 1, hop T]
    }

    /// <summary>
    /// The inverse transform of a frame, windowed, and divided by what the squared windows of overlapping frames add up to: [N + 2, 1, N], real parts first.
    /// As a transposed convolution's weight it also overlaps and adds.
    /// </summary>
    static float[] SynthesisBasis(VocosConfiguration c)
    {
        var (length, bins) = (c.FrameSamples, c.SpectrumBins);
        var squaredWindows = 3.0 / 8 * c.HopsPerFrame;                       // of periodic Hann windows
        var basis = new float[2 * bins * length];
        for (var bin = 0; bin < bins; bin++)
        {
            var share = (bin == 0 || bin == bins - 1 ? 1.0 : 2.0) / length / squaredWindows;
            for (var n = 0; n < length; n++)
            {
                var window = 0.5 - 0.5 * Math.Cos(2 * Math.PI * n / length);
                var turn = 2 * Math.PI * ((long)bin * n % length) / length;
                basis[bin * length + n] = (float)(share * window * Math.Cos(turn));
                basis[(bins + bin) * length + n] = (float)(-share * window * Math.Sin(turn));
            }
        }
        return basis;
    }
}

/// <summary>A ConvNeXt block in one dimension (Liu et al., 2022): a convolution of each channel, then a wider layer of all channels at each frame.</summary>
sealed class VocosBlock(Scope at, int channels, int hidden, float epsilon)
{
    readonly Tensor weight = (at / "dwconv")["weight", channels, 1, Vocos.Kernel], bias = (at / "dwconv").Get("bias", Init.Zeros, channels);
    readonly LayerNorm norm = new(at / "norm", channels, epsilon);
    readonly Linear widen = new(at / "pwconv1", channels, hidden), narrow = new(at / "pwconv2", hidden, channels);
    readonly Tensor gamma = at.Get("gamma", Init.Ones, channels);
    readonly int channels = channels;

    public Tensor Forward(Tensor x)                                          // [B, T, C] -> [B, T, C]
    {
        var near = x.Transpose(0, 2, 1).Conv1d(weight, bias, padding: Vocos.Kernel / 2, groups: channels).Transpose(0, 2, 1);
        return x + gamma * narrow.Forward(widen.Forward(norm.Forward(near)).Gelu());
    }
}
