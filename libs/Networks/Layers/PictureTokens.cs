namespace Rewas.Networks.Layers;

/// <summary>Between pictures and sequences: attention runs over a sequence, convolution over a picture.</summary>
static class PictureTokens
{
    /// <summary>Every position of a picture as one token, row by row.</summary>
    public static Tensor ToTokens(this Tensor picture) =>                    // [B, C, H, W] -> [B, H * W, C]
        picture.Reshape(picture.Shape[0], picture.Shape[1], picture.Shape[2] * picture.Shape[3]).Transpose(0, 2, 1);

    public static Tensor ToPicture(this Tensor tokens, long height, long width) =>   // [B, H * W, C] -> [B, C, H, W]
        tokens.Transpose(0, 2, 1).Reshape(tokens.Shape[0], tokens.Shape[2], height, width);
}
