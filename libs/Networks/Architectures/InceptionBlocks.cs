using Rewas.Networks.Layers;

namespace Rewas.Networks.Architectures;

/// <summary>Builds the layers of Inception v3, with all channels divided by a common divisor.</summary>
sealed class InceptionLayers(int divisor)
{
    const float Epsilon = 1e-3f;

    /// <param name="inputs">Input channels; null for the single channel of a spectrogram.</param>
    /// <param name="stride">1 or 2.</param>
    /// <param name="padded">Whether zero padding keeps the picture's size.</param>
    public NormedConv2d Convolution(Scope at, int? inputs, int outputs, int height, int width, int stride = 1, bool padded = true) => new(
        at / "conv", at / "bn", inputs / divisor ?? 1, outputs / divisor, (height, width), stride,
        padded ? (height / 2, width / 2) : (0, 0), Epsilon);

    /// <summary>Declares the weights of a convolution that only training uses.</summary>
    public void AskForUnused(Scope at, int inputs, int outputs, int kernel)
    {
        _ = (at / "conv").Buffer("weight", outputs / divisor, inputs / divisor, kernel, kernel);
        foreach (var name in (string[])["weight", "bias", "running_mean", "running_var"])
            _ = (at / "bn").Buffer(name, outputs / divisor);
        _ = (at / "bn").Buffer("num_batches_tracked");
    }
}

/// <summary>One path through a block: layers in sequence.</summary>
sealed class Branch(params NormedConv2d[] layers)
{
    public Tensor Forward(Tensor x) => layers.Aggregate(x, (value, layer) => layer.Forward(value));
}

/// <summary>Kernels of 1, 3 and 5: [B, I, H, W] to [B, 224 + P, H, W].</summary>
sealed class InceptionA(Scope at, InceptionLayers wide, int inputs, int poolChannels)
{
    readonly Branch single = new(wide.Convolution(at / "branch1x1", inputs, 64, 1, 1));
    readonly Branch five = new(wide.Convolution(at / "branch5x5_1", inputs, 48, 1, 1), wide.Convolution(at / "branch5x5_2", 48, 64, 5, 5));
    readonly Branch doubled = new(
        wide.Convolution(at / "branch3x3dbl_1", inputs, 64, 1, 1), wide.Convolution(at / "branch3x3dbl_2", 64, 96, 3, 3),
        wide.Convolution(at / "branch3x3dbl_3", 96, 96, 3, 3));
    readonly Branch pooled = new(wide.Convolution(at / "branch_pool", inputs, poolChannels, 1, 1));

    public Tensor Forward(Tensor x) =>                                       // [B, I, H, W] -> [B, 224 + P, H, W]
        single.Forward(x).Concat(1, five.Forward(x), doubled.Forward(x),
            pooled.Forward(new AveragePool(3, stride: 1, padding: 1).Forward(x)));
}

/// <summary>Halves the picture: [B, 288, H, W] to [B, 768, H / 2, W / 2].</summary>
sealed class InceptionB(Scope at, InceptionLayers wide)
{
    readonly Branch three = new(wide.Convolution(at / "branch3x3", 288, 384, 3, 3, stride: 2, padded: false));
    readonly Branch doubled = new(
        wide.Convolution(at / "branch3x3dbl_1", 288, 64, 1, 1), wide.Convolution(at / "branch3x3dbl_2", 64, 96, 3, 3),
        wide.Convolution(at / "branch3x3dbl_3", 96, 96, 3, 3, stride: 2, padded: false));

    public Tensor Forward(Tensor x) =>                                       // [B, 288, H, W] -> [B, 768, H / 2, W / 2]
        three.Forward(x).Concat(1, doubled.Forward(x), x.MaxPool2d(3, stride: 2));
}

/// <summary>Kernels of 7, separated into rows and columns: [B, 768, H, W] unchanged.</summary>
sealed class InceptionC(Scope at, InceptionLayers wide, int inner)
{
    readonly Branch single = new(wide.Convolution(at / "branch1x1", 768, 192, 1, 1));
    readonly Branch seven = new(
        wide.Convolution(at / "branch7x7_1", 768, inner, 1, 1), wide.Convolution(at / "branch7x7_2", inner, inner, 1, 7),
        wide.Convolution(at / "branch7x7_3", inner, 192, 7, 1));
    readonly Branch doubled = new(
        wide.Convolution(at / "branch7x7dbl_1", 768, inner, 1, 1), wide.Convolution(at / "branch7x7dbl_2", inner, inner, 7, 1),
        wide.Convolution(at / "branch7x7dbl_3", inner, inner, 1, 7),
        wide.Convolution(at / "branch7x7dbl_4", inner, inner, 7, 1), wide.Convolution(at / "branch7x7dbl_5", inner, 192, 1, 7));
    readonly Branch pooled = new(wide.Convolution(at / "branch_pool", 768, 192, 1, 1));

    public Tensor Forward(Tensor x) =>                                       // [B, 768, H, W] unchanged
        single.Forward(x).Concat(1, seven.Forward(x), doubled.Forward(x),
            pooled.Forward(new AveragePool(3, stride: 1, padding: 1).Forward(x)));
}

/// <summary>Halves the picture: [B, 768, H, W] to [B, 1280, H / 2, W / 2].</summary>
sealed class InceptionD(Scope at, InceptionLayers wide)
{
    readonly Branch three = new(
        wide.Convolution(at / "branch3x3_1", 768, 192, 1, 1),
        wide.Convolution(at / "branch3x3_2", 192, 320, 3, 3, stride: 2, padded: false));
    readonly Branch seven = new(
        wide.Convolution(at / "branch7x7x3_1", 768, 192, 1, 1), wide.Convolution(at / "branch7x7x3_2", 192, 192, 1, 7),
        wide.Convolution(at / "branch7x7x3_3", 192, 192, 7, 1),
        wide.Convolution(at / "branch7x7x3_4", 192, 192, 3, 3, stride: 2, padded: false));

    public Tensor Forward(Tensor x) =>                                       // [B, 768, H, W] -> [B, 1280, H / 2, W / 2]
        three.Forward(x).Concat(1, seven.Forward(x), x.MaxPool2d(3, stride: 2));
}

/// <summary>Wide at the top: [B, I, H, W] to [B, 2048, H, W].</summary>
sealed class InceptionE(Scope at, InceptionLayers wide, int inputs)
{
    readonly Branch single = new(wide.Convolution(at / "branch1x1", inputs, 320, 1, 1));
    readonly Branch three = new(wide.Convolution(at / "branch3x3_1", inputs, 384, 1, 1));
    readonly Branch threeRow = new(wide.Convolution(at / "branch3x3_2a", 384, 384, 1, 3));
    readonly Branch threeColumn = new(wide.Convolution(at / "branch3x3_2b", 384, 384, 3, 1));
    readonly Branch doubled = new(
        wide.Convolution(at / "branch3x3dbl_1", inputs, 448, 1, 1), wide.Convolution(at / "branch3x3dbl_2", 448, 384, 3, 3));
    readonly Branch doubledRow = new(wide.Convolution(at / "branch3x3dbl_3a", 384, 384, 1, 3));
    readonly Branch doubledColumn = new(wide.Convolution(at / "branch3x3dbl_3b", 384, 384, 3, 1));
    readonly Branch pooled = new(wide.Convolution(at / "branch_pool", inputs, 192, 1, 1));

    public Tensor Forward(Tensor x)                                          // [B, I, H, W] -> [B, 2048, H, W]
    {
        var (three, doubled) = (this.three.Forward(x), this.doubled.Forward(x));
        return single.Forward(x).Concat(1,
            threeRow.Forward(three), threeColumn.Forward(three), doubledRow.Forward(doubled), doubledColumn.Forward(doubled),
            pooled.Forward(new AveragePool(3, stride: 1, padding: 1).Forward(x)));
    }
}
