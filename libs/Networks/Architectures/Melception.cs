using Rewas.Clip;
using Rewas.Networks.Layers;

namespace Rewas.Networks.Architectures;

/// <summary>
/// A sound classifier that the field uses to compare generated with real sounds: Inception v3 (Szegedy et al., 2016, arXiv 1512.00567, as
/// torchvision defines it) over a mel spectrogram, without the first two pooling layers; Melception of SpecVQGAN (Iashin and Rahtu, 2021,
/// arXiv 2110.08791), trained on VGGSound.
/// </summary>
public sealed class Melception
{
    readonly MelceptionConfiguration c;
    readonly List<Func<Tensor, Tensor>> steps = [];
    readonly Linear classes;

    public Melception(Scope at, MelceptionConfiguration configuration)
    {
        c = configuration;
        var wide = new InceptionLayers(c.ChannelDivisor);
        steps.Add(wide.Convolution(at / "Conv2d_1a_3x3", null, 32, 3, 3, stride: 2, padded: false).Forward);
        steps.Add(wide.Convolution(at / "Conv2d_2a_3x3", 32, 32, 3, 3, padded: false).Forward);
        steps.Add(wide.Convolution(at / "Conv2d_2b_3x3", 32, 64, 3, 3).Forward);
        steps.Add(wide.Convolution(at / "Conv2d_3b_1x1", 64, 80, 1, 1).Forward);
        steps.Add(wide.Convolution(at / "Conv2d_4a_3x3", 80, 192, 3, 3, padded: false).Forward);
        steps.Add(new InceptionA(at / "Mixed_5b", wide, 192, 32).Forward);
        steps.Add(new InceptionA(at / "Mixed_5c", wide, 256, 64).Forward);
        steps.Add(new InceptionA(at / "Mixed_5d", wide, 288, 64).Forward);
        steps.Add(new InceptionB(at / "Mixed_6a", wide).Forward);
        steps.Add(new InceptionC(at / "Mixed_6b", wide, 128).Forward);
        steps.Add(new InceptionC(at / "Mixed_6c", wide, 160).Forward);
        steps.Add(new InceptionC(at / "Mixed_6d", wide, 160).Forward);
        steps.Add(new InceptionC(at / "Mixed_6e", wide, 192).Forward);
        AskForUnused(at / "AuxLogits", wide);
        steps.Add(new InceptionD(at / "Mixed_7a", wide).Forward);
        steps.Add(new InceptionE(at / "Mixed_7b", wide, 1280).Forward);
        steps.Add(new InceptionE(at / "Mixed_7c", wide, 2048).Forward);
        classes = new(at / "fc", c.Channels(2048), c.Classes);
    }

    public static NetworkDefinition Define(MelceptionConfiguration c)
    {
        c.Check();
        return new("melception",
            [new("mel", ElementType.Float32, [-1, c.MelBins, c.MelFrames],
            "Mel spectrogram of 22,050 Hz sound, 0 to 1 over 100 dB, hop 256.")],
            [
                new("probabilities", ElementType.Float32, [-1, c.Classes], "Probability of each kind of sound; they sum to 1."),
                new("embedding", ElementType.Float32, [-1, c.Channels(2048)], "Features from which the kinds are classified."),
                new("logits", ElementType.Float32, [-1, c.Classes], "Scores before the softmax."),
            ],
            scope =>
            {
                var network = new Melception(scope, c);
                return inputs =>
                {
                    var embedding = network.Embedding(inputs[0]);
                    var logits = network.Logits(embedding);
                    return [logits.Softmax(-1), embedding, logits];
                };
            });
    }

    /// <summary>Embedding of a sound: mel [B, M, T], published [B, 80, 848], to [B, 2048].</summary>
    public Tensor Embedding(Tensor mel)
    {
        if (c.MelMeans.Length > 0)
            mel = (mel - mel.Constant(c.MelMeans, 1, c.MelBins, 1)) / mel.Constant(c.MelDeviations, 1, c.MelBins, 1);
        var x = mel.Reshape(-1, 1, c.MelBins, c.MelFrames);
        foreach (var step in steps)
            x = step(x);                                                     // last: published [B, 2048, 8, 104]
        return x.Mean(3, keepAxis: false).Mean(2, keepAxis: false);
    }

    /// <summary>[B, 2048] to [B, 309].</summary>
    public Tensor Logits(Tensor embedding) => classes.Forward(embedding);

    /// <summary>Declares the auxiliary head of published files, which only training uses.</summary>
    void AskForUnused(Scope at, InceptionLayers wide)
    {
        wide.AskForUnused(at / "conv0", 768, 128, 1);
        wide.AskForUnused(at / "conv1", 128, 768, 5);
        _ = (at / "fc").Buffer("weight", c.Classes, c.Channels(768));
        _ = (at / "fc").Buffer("bias", c.Classes);
    }
}
