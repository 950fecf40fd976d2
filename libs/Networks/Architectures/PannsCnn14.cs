using Rewas.Clip;
using Rewas.Networks.Layers;

namespace Rewas.Networks.Architectures;

/// <summary>
/// A sound tagger: gives the probabilities of 527 kinds of sound and an embedding for comparing sounds. CNN14 of PANNs (Kong et al., 2020,
/// arXiv 1912.10211), published as Cnn14_16k of qiuqiangkong/audioset_tagging_cnn.
/// </summary>
public sealed class PannsCnn14
{
    const float Epsilon = 1e-5f;

    readonly BatchNorm binNorm;
    readonly List<Func<Tensor, Tensor>> steps = [];
    readonly Linear embedding, classes;

    public PannsCnn14(Scope at, PannsCnn14Configuration c)
    {
        binNorm = new(at / "bn0", c.MelBins, Epsilon);
        for (var block = 0; block < c.Channels.Length; block++)
        {
            var (here, inputs) = (at / $"conv_block{block + 1}", block == 0 ? 1 : c.Channels[block - 1]);
            steps.Add(Convolution(here, 1, inputs, c.Channels[block]).Forward);
            steps.Add(Convolution(here, 2, c.Channels[block], c.Channels[block]).Forward);
            if (block < c.Channels.Length - 1)
                steps.Add(new AveragePool(2, stride: 2).Forward);
        }
        embedding = new(at / "fc1", c.Channels[^1], c.EmbeddingChannels);
        classes = new(at / "fc_audioset", c.EmbeddingChannels, c.Classes);
        AskForUnused(at, c);
    }

    public static NetworkDefinition Define(PannsCnn14Configuration c)
    {
        c.Check();
        return new("panns_cnn14",
            [new("logmel", ElementType.Float32, [-1, -1, c.MelBins],
                "Mel spectrogram of 16 kHz sound, 10 log10(max(power, 1e-10)), 100 frames a second, at least 32.")],
            [
                new("probabilities", ElementType.Float32, [-1, c.Classes], "Independent probability of each kind of sound."),
                new("embedding", ElementType.Float32, [-1, c.EmbeddingChannels], "Features from which the kinds are classified."),
            ],
            scope =>
            {
                var network = new PannsCnn14(scope, c);
                return inputs =>
                {
                    var embedding = network.Embedding(inputs[0]);
                    return [network.Probabilities(embedding), embedding];
                };
            });
    }

    /// <summary>Embedding of a sound: log mel [B, T, M], published [B, T, 64], to [B, 2048].</summary>
    public Tensor Embedding(Tensor logMel)
    {
        var x = binNorm.Forward(logMel).Reshape(logMel.Shape[0], 1, logMel.Shape[1], logMel.Shape[2]);   // [B, 1, T, M]
        foreach (var step in steps)
            x = step(x);                                                     // last: published [B, 2048, T / 32, 2]
        x = x.Mean(3, keepAxis: false);                                      // [B, 2048, T / 32]
        return embedding.Forward(x.Max(2, keepAxis: false) + x.Mean(2, keepAxis: false)).Relu();
    }

    /// <summary>Probabilities of the kinds: [B, 2048] to [B, 527].</summary>
    public Tensor Probabilities(Tensor embedding) => classes.Forward(embedding).Sigmoid();

    static NormedConv2d Convolution(Scope at, int number, int inputs, int outputs) =>
        new(at / $"conv{number}", at / $"bn{number}", inputs, outputs, (3, 3), stride: 1, (1, 1), Epsilon);

    /// <summary>Declares the mel filters that published files also hold.</summary>
    static void AskForUnused(Scope at, PannsCnn14Configuration c)
    {
        var spectrumBins = c.FrameSamples / 2 + 1;
        var transform = at / "spectrogram_extractor" / "stft";
        _ = (transform / "conv_real").Buffer("weight", spectrumBins, 1, c.FrameSamples);
        _ = (transform / "conv_imag").Buffer("weight", spectrumBins, 1, c.FrameSamples);
        _ = (at / "logmel_extractor").Buffer("melW", spectrumBins, c.MelBins);
    }
}

/// <summary>Sizes of CNN14; the defaults are the published ones (81 M parameters).</summary>
public sealed record PannsCnn14Configuration
{
    public int MelBins { get; init; } = 64;

    /// <summary>Channels of each block; between blocks the picture is halved.</summary>
    public int[] Channels { get; init; } = [64, 128, 256, 512, 1024, 2048];

    /// <summary>Length of the embedding.</summary>
    public int EmbeddingChannels { get; init; } = 2048;

    /// <summary>Kinds of sound: those of AudioSet.</summary>
    public int Classes { get; init; } = 527;

    /// <summary>Samples under a mel frame's window. Only the size of unused filters in published files depends on it.</summary>
    public int FrameSamples { get; init; } = 512;

    internal void Check()
    {
        var c = this;
        new ConfigurationCheck()
            .InRange(c.MelBins, 1, 512).EachInRange(c.Channels, 1, 8192).InRange(c.EmbeddingChannels, 1, 8192).InRange(c.Classes, 1, 65_536)
            .InRange(c.FrameSamples, 2, 65_536)
            .That(c.MelBins >> (c.Channels.Length - 1) > 0, "channels must not have more values than melBins can be halved")
            .ThrowIfAny();
    }
}
