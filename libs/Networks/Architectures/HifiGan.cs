using Rewas.Clip;

namespace Rewas.Networks.Architectures;

/// <summary>
/// The vocoder: a log-mel spectrogram to the waveform. HiFi-GAN (Kong et al., 2020, arXiv 2010.05646), generator V1 deepened;
/// published as Generator of jik876/hifi-gan, with the sizes of haoheliu/AudioLDM.
/// </summary>
public sealed class HifiGan
{
    const int OuterKernel = 7;
    readonly VocoderConv first, last;
    readonly VocoderUpsampling[] ups;
    readonly VocoderResidualBlock[][] blocks;                                // [stage][parallel block]

    public HifiGan(Scope at, HifiGanConfiguration c)
    {
        var side = c.ResidualKernels.Length;
        first = new(at / "conv_pre", c, c.MelBins, c.InitialChannels, OuterKernel);
        ups = [.. c.UpsampleRates.Select((rate, i) => new VocoderUpsampling(
            at / "ups" / i, c, 2 * c.StageChannels(i), c.StageChannels(i), c.UpsampleKernels[i], rate))];
        blocks = [.. ups.Select((_, i) => Enumerable.Range(0, side).Select(j =>
            new VocoderResidualBlock(
                at / "resblocks" / (i * side + j), c, c.StageChannels(i), c.ResidualKernels[j], c.ResidualDilations[j])).ToArray())];
        last = new(at / "conv_post", c, c.StageChannels(ups.Length - 1), 1, OuterKernel);
    }

    public static NetworkDefinition Define(HifiGanConfiguration c)
    {
        c.Check();
        return new("hifigan",
            [new("mel", ElementType.Float32, [-1, c.MelBins, -1], "Log mel, bins before frames.")],
            [new("wave", ElementType.Float32, [-1, 1, -1], "Samples in [-1, 1]; published: 160 a frame, plus 32.")],
            scope =>
            {
                var network = new HifiGan(scope, c);
                return inputs => [network.Forward(inputs[0])];
            });
    }

    public Tensor Forward(Tensor mel)                                        // [B, M, T], published [B, 64, T]
    {
        var x = first.Forward(mel);                                          // [B, C, T]
        foreach (var (up, side) in ups.Zip(blocks))
        {
            x = up.Forward(x.LeakyRelu(0.1f));                               // [B, C / 2, T * rate], C halved at every stage
            x = side.Select(block => block.Forward(x)).Aggregate((a, b) => a + b) / side.Length;
        }
        return last.Forward(x.LeakyRelu(0.01f)).Tanh();                      // [B, 1, 160 T + 32] as published
    }
}

/// <summary>Pairs of a dilated and a plain convolution, with growing dilation, each round a shortcut.</summary>
sealed class VocoderResidualBlock(Scope at, HifiGanConfiguration c, int channels, int kernel, int[] dilations)
{
    readonly VocoderConv[] dilated = [.. dilations.Select((d, i) => new VocoderConv(at / "convs1" / i, c, channels, channels, kernel, d))];
    readonly VocoderConv[] plain = [.. dilations.Select((_, i) => new VocoderConv(at / "convs2" / i, c, channels, channels, kernel))];

    public Tensor Forward(Tensor x)                                          // [B, C, T] -> [B, C, T]
    {
        foreach (var (one, two) in dilated.Zip(plain))
            x += two.Forward(one.Forward(x.LeakyRelu(0.1f)).LeakyRelu(0.1f));
        return x;
    }
}

/// <summary>A convolution that keeps the length.</summary>
sealed class VocoderConv(Scope at, HifiGanConfiguration c, int inputs, int outputs, int kernel, int dilation = 1)
{
    readonly VocoderWeight weight = new(at, c.WeightNorm, outputs, inputs, kernel);
    readonly Tensor bias = at.Get("bias", Init.Zeros, outputs);

    public Tensor Forward(Tensor x) =>                                       // [B, I, T] -> [B, O, T]
        x.Conv1d(weight.Value(), bias, padding: dilation * (kernel - 1) / 2, dilation: dilation);
}

/// <summary>A transposed convolution that lengthens by its rate.</summary>
sealed class VocoderUpsampling(Scope at, HifiGanConfiguration c, int inputs, int outputs, int kernel, int rate)
{
    readonly VocoderWeight weight = new(at, c.WeightNorm, inputs, outputs, kernel);
    readonly Tensor bias = at.Get("bias", Init.Zeros, outputs);

    public Tensor Forward(Tensor x) =>                                       // [B, I, T] -> [B, O, T * rate + (kernel - rate) % 2]
        x.ConvTranspose1d(weight.Value(), bias, rate, (kernel - rate) / 2);
}

/// <summary>A convolution's weight, optionally as length and direction per first axis (Salimans and Kingma, 2016).</summary>
sealed class VocoderWeight(Scope at, bool normed, int first, int second, int kernel)
{
    readonly Tensor direction = at[normed ? "weight_v" : "weight", first, second, kernel];
    readonly Tensor? length = normed ? at.Get("weight_g", Init.Ones, first, 1, 1) : null;

    public Tensor Value() => length is null ? direction : length * direction / (direction * direction).Sum(2).Sum(1).Sqrt();
}
