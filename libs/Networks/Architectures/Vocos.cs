using Rewas.Clip;
using Rewas.Networks.Layers;

namespace Rewas.Networks.Architectures;

/// <summary>
/// A vocoder that works at the mel's frame rate: ConvNeXt blocks predict a spectrum, and the inverse Fourier transform gives the waveform.
/// Vocos (Siuzdak, 2023, arXiv 2306.00814, published as gemelo-ai/vocos), with two additions that need no training. Magnitudes start from
/// those that the mel implies (<see cref="MelInversion"/>). Inconsistencies are reduced by rounds of the Griffin-Lim algorithm, as in deep
/// Griffin-Lim iteration (Masuyama et al., 2019, arXiv 1903.03971), and by corrections towards the mel.
/// </summary>
public sealed class Vocos
{
    internal const int Kernel = 7;
    const float Epsilon = 1e-6f;

    readonly VocosConfiguration c;
    readonly Tensor embedWeight, embedBias;
    readonly LayerNorm embedNorm, lastNorm;
    readonly VocosBlock[] blocks;
    readonly Linear head;
    readonly MelInversion inversion;
    readonly Lazy<FrameTransform> transform;                                // large matrices, needed only by the whole network

    public Vocos(Scope at, VocosConfiguration configuration)
    {
        c = configuration;
        var backbone = at / "backbone";
        embedWeight = (backbone / "embed")["weight", c.Channels, c.MelBins, Kernel];
        embedBias = (backbone / "embed").Get("bias", Init.Zeros, c.Channels);
        embedNorm = new(backbone / "norm", c.Channels, Epsilon);
        blocks =
        [
            .. Enumerable.Range(0, c.Layers)
                .Select(i => new VocosBlock(backbone / "convnext" / i, c.Channels, c.HiddenChannels, Epsilon)),
        ];
        lastNorm = new(backbone / "final_layer_norm", c.Channels, Epsilon);
        head = new(at / "head" / "out", c.Channels, 2 * c.SpectrumBins);
        inversion = new(c.SampleRate, c.FrameSamples, c.MelBins);
        transform = new(() => new(c.FrameSamples, c.HopSamples));
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

    /// <summary>
    /// The learned part without the rounds that make the wave. A runtime with a fast Fourier transform does the rounds itself.
    /// </summary>
    public static NetworkDefinition DefineSpectrum(VocosConfiguration c)
    {
        c.Check();
        return new("vocos",
            [new("mel", ElementType.Float32, [-1, c.MelBins, -1], "Log mel, bins before frames.")],
            [
                new("magnitude", ElementType.Float32, [-1, -1, c.SpectrumBins],
                "Magnitudes that the wave should have, frames before bins."),
                new("phase", ElementType.Float32, [-1, -1, c.SpectrumBins], "Phases that it starts from, radians."),
            ],
            scope =>
            {
                var network = new Vocos(scope, c);
                return inputs =>
                {
                    var (magnitude, phase) = network.Spectrum(inputs[0]);
                    return [magnitude, phase];
                };
            });
    }

    public Tensor Forward(Tensor mel)                                        // [B, M, T]
    {
        var (magnitude, phase) = Spectrum(mel);                              // [B, T, N / 2 + 1] each
        var wave = transform.Value.Inverse((magnitude * phase.Cos()).Concat(2, magnitude * phase.Sin()));          // [B, T, hop]
        return Refined(wave, magnitude, mel.Transpose(0, 2, 1).Exp())
            .Clamp(-1, 1).Reshape(mel.Shape[0], 1, -1);                      // [B, 1, hop T]
    }

    (Tensor Magnitude, Tensor Phase) Spectrum(Tensor mel)                    // [B, M, T]
    {
        const float LargestChange = 5;                                       // nepers, relative to the magnitude that the mel implies
        var x = mel.Conv1d(embedWeight, embedBias, padding: Kernel / 2);     // [B, C, T]
        x = embedNorm.Forward(x.Transpose(0, 2, 1));                         // [B, T, C]
        foreach (var block in blocks)
            x = block.Forward(x);
        // The log of the magnitude's change, and the phase: [B, T, N / 2 + 1] each.
        var parts = head.Forward(lastNorm.Forward(x)).Split(2, 2);
        var magnitude = inversion.Forward(mel.Transpose(0, 2, 1)) * parts[0].Clamp(-LargestChange, LargestChange).Exp();
        return (magnitude, parts[1]);
    }

    /// <summary>
    /// Runs rounds of the fast Griffin-Lim algorithm (Perraudin et al., 2013): the wave's own spectrum, scaled to the target magnitudes.
    /// Correction rounds follow; they keep the wave's magnitudes and only scale them towards the target mel. Magnitudes inside a mel bin
    /// are then free, so these rounds come much closer to the mel.
    /// </summary>
    Tensor Refined(Tensor wave, Tensor magnitude, Tensor mel)
    {
        Tensor? before = null;
        for (var round = 0; round < c.Refinements + c.Corrections; round++)
        {
            var corrects = round >= c.Refinements;
            var real = transform.Value.Forward(wave);                              // [B, T, N + 2]
            var parts = (before is null || corrects ? real : real - before * FourierRounds.Momentum).Split(2, 2);
            var norm = (parts[0] * parts[0] + parts[1] * parts[1] + FourierRounds.LeastPower).Sqrt();
            var scale = (corrects ? inversion.Nearer(norm, mel, FourierRounds.Relaxation) : magnitude) / norm;
            wave = transform.Value.Inverse((parts[0] * scale).Concat(2, parts[1] * scale));
            before = real;
        }
        return wave;
    }
}

/// <summary>
/// A one-dimensional ConvNeXt block (Liu et al., 2022): a convolution of each channel, then a wide layer over all channels at each frame.
/// </summary>
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
