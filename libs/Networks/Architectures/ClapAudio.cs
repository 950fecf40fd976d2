using Rewas.Clip;
using Rewas.Networks.Layers;

namespace Rewas.Networks.Architectures;

/// <summary>
/// The audio encoder: embeds 10 s of sound as a unit-length vector in the space that CLAP shares between text and sound. HTS-AT (Chen et
/// al., 2022, arXiv 2202.00874), a Swin transformer over the mel spectrogram, and the projection of CLAP (Wu et al., 2023, arXiv
/// 2211.06687); published as `audio_branch` (HTSAT-base) and `audio_projection` of LAION-AI/CLAP.
/// </summary>
public sealed class ClapAudio
{
    internal const float Epsilon = 1e-5f;
    readonly ClapAudioConfiguration c;
    readonly BatchNorm binNorm;
    readonly Conv2d patches;
    readonly LayerNorm patchNorm, norm;
    readonly List<Func<Tensor, Tensor>> steps = [];
    readonly Linear projection1, projection2;

    public ClapAudio(Scope at, ClapAudioConfiguration configuration)
    {
        c = configuration;
        var (branch, width) = (at / "audio_branch", c.LevelChannels(c.LastLevel));
        binNorm = new(branch / "bn0", c.MelBins, Epsilon);
        patches = new(branch / "patch_embed" / "proj", 1, c.Channels, c.PatchSize, stride: c.PatchSize, padding: 0);
        patchNorm = new(branch / "patch_embed" / "norm", c.Channels, Epsilon);
        for (var level = 0; level <= c.LastLevel; level++)
        {
            var here = branch / "layers" / level;
            for (var i = 0; i < c.Depths[level]; i++)
                steps.Add(new SwinBlock(here / "blocks" / i, c, level, shifted: i % 2 == 1).Forward);
            if (level < c.LastLevel)
                steps.Add(new PatchMerging(here / "downsample", c.LevelChannels(level)).Forward);
        }
        norm = new(branch / "norm", width, Epsilon);
        projection1 = new(at / "audio_projection" / 0, width, c.EmbeddingChannels);
        projection2 = new(at / "audio_projection" / 2, c.EmbeddingChannels, c.EmbeddingChannels);
        AskForUnused(branch);
    }

    public static NetworkDefinition Define(ClapAudioConfiguration c)
    {
        c.Check();
        return new("clap_audio",
            [new("logmel", ElementType.Float32, [-1, c.MelFrames, c.MelBins],
                "Mel spectrogram of 48 kHz sound, 10 log10(max(power, 1e-10)), 100 frames a second.")],
            [
                new("embedding", ElementType.Float32, [-1, c.EmbeddingChannels],
                "Sound embedding of unit length, to compare with text embeddings."),
                new("pooled", ElementType.Float32, [-1, c.LevelChannels(c.LastLevel)],
                "Mean feature of the sound, from which the embedding is projected."),
            ],
            scope =>
            {
                var network = new ClapAudio(scope, c);
                return inputs =>
                {
                    var pooled = network.Pooled(inputs[0]);
                    return [network.Embedding(pooled), pooled];
                };
            });
    }

    /// <summary>Mean feature of a sound: log mel [B, T, M], published [B, 1001, 64], to [B, 1024].</summary>
    public Tensor Pooled(Tensor logMel)
    {
        var x = patches.Forward(Picture(binNorm.Forward(logMel)));           // [B, C, S, S], published [B, 128, 64, 64]
        x = patchNorm.Forward(x.Transpose(0, 2, 3, 1));                      // [B, S, S, C]
        foreach (var step in steps)
            x = step(x);                                                     // last: published [B, 8, 8, 1024]
        return norm.Forward(x).Mean(1, keepAxis: false).Mean(1, keepAxis: false);
    }

    /// <summary>Its embedding: [B, 1024] to [B, 512].</summary>
    public Tensor Embedding(Tensor pooled) => projection2.Forward(projection1.Forward(pooled).Relu()).L2Normalize(-1);

    /// <summary>The spectrogram, stretched in time and cut into strips that are stacked to a square.</summary>
    Tensor Picture(Tensor logMel)                                            // [B, T, M] -> [B, 1, P, P]
    {
        var frames = c.PictureSize * c.Strips;
        var stretch = logMel.Constant(BicubicResize.Matrix(c.MelFrames, frames), frames, c.MelFrames);
        return logMel.Transpose(0, 2, 1).Linear(stretch)                     // [B, M, frames], published [B, 64, 1024]
            .Reshape(-1, c.MelBins, c.Strips, c.PictureSize)
            .Transpose(0, 2, 1, 3)                                           // [B, strips, M, P]
            .Reshape(-1, 1, c.PictureSize, c.PictureSize);
    }

    /// <summary>
    /// Declares weights of published files that an embedding does not need: the mel filters and the classification heads.
    /// </summary>
    void AskForUnused(Scope branch)
    {
        var spectrumBins = c.FrameSamples / 2 + 1;
        var transform = branch / "spectrogram_extractor" / "stft";
        _ = (transform / "conv_real").Buffer("weight", spectrumBins, 1, c.FrameSamples);
        _ = (transform / "conv_imag").Buffer("weight", spectrumBins, 1, c.FrameSamples);
        _ = (branch / "logmel_extractor").Buffer("melW", spectrumBins, c.MelBins);
        _ = (branch / "tscam_conv").Buffer("weight", c.Classes, c.LevelChannels(c.LastLevel), c.LevelSide(c.LastLevel) / c.Strips, 3);
        _ = (branch / "tscam_conv").Buffer("bias", c.Classes);
        _ = (branch / "head").Buffer("weight", c.Classes, c.Classes);
        _ = (branch / "head").Buffer("bias", c.Classes);
    }
}
