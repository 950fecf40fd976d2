namespace Rewas.Networks.Layers;

/// <summary>Conversion between pictures and sequences. Attention runs over sequences, convolution over pictures.</summary>
static class PictureTokens
{
    /// <summary>Turns every position of a picture into a token, row by row.</summary>
    public static Tensor ToTokens(this Tensor picture) =>                    // [B, C, H, W] -> [B, H * W, C]
        picture.Reshape(picture.Shape[0], picture.Shape[1], picture.Shape[2] * picture.Shape[3]).Transpose(0, 2, 1);

    public static Tensor ToPicture(this Tensor tokens, long height, long width) =>   // [B, H * W, C] -> [B, C, H, W]
        tokens.Transpose(0, 2, 1).Reshape(tokens.Shape[0], tokens.Shape[2], height, width);
}
