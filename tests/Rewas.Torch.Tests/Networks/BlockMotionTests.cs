using Rewas.Networks.Architectures;
using Rewas.Trainer.Torch;
using torch = TorchSharp.torch;

namespace Rewas.Torch.Tests.Networks;

public sealed class BlockMotionTests : IDisposable
{
    const int Size = 32, Frames = 16, Geometric = 0, Mean = 1, Largest = 4, Turn = BlockMotion.Statistics / 3, ForDetail = 2 * Turn;
    static readonly float Nothing = MathF.Log(0.004f);

    readonly IDisposable scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void A_still_picture_has_no_motion_whatever_it_shows()
    {
        using var generator = new torch.Generator(1);
        var still = torch.rand([1L, 3, 1, Size, Size], generator: generator).expand(1, 3, Frames, Size, Size);
        Assert.All(Of(still), value => Assert.Equal(Nothing, value, 1e-3f));
    }

    [Fact]
    public void What_moves_in_one_block_is_in_the_largest_and_hardly_in_the_quiet_ones()
    {
        var token = Of(Flicker(8, 8, 0.5f))[(3 * BlockMotion.Statistics)..(4 * BlockMotion.Statistics)];
        Assert.True(token[Largest] > token[Mean] + 1.5);                     // one of 16 blocks, and a little of its neighbours
        Assert.True(token[Mean] > token[Geometric]);
        Assert.True(token[Turn + Largest] > token[Largest]);                 // flickering light changes direction at each frame
    }

    [Fact]
    public void Neither_the_place_nor_the_sign_of_light_matters()
    {
        var here = Of(Flicker(8, 8, 0.5f));
        Assert.All(here.Zip(Of(Flicker(16, 8, 0.5f))), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        Assert.All(here.Zip(Of(Flicker(8, 8, -0.5f))), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Fact]
    public void Steady_motion_has_little_change_of_motion()
    {
        var brighter = torch.arange(Frames)
            .to_type(torch.ScalarType.Float32)
            .reshape(1, 1, Frames, 1, 1)
            .mul(0.05f)
            .sub(0.5f)
            .expand(1, 3, Frames, Size, Size);
        var token = Of(brighter)[..BlockMotion.Statistics];
        Assert.Equal(MathF.Log(0.05f + 0.004f), token[Largest], 1e-2f);
        Assert.InRange(token[Turn + Largest], Nothing, Nothing + 0.1f);
        // flat except at the picture's edge
        Assert.InRange(token[ForDetail + Largest], MathF.Log(0.05f / 0.02f) - 1, MathF.Log(0.05f / 0.02f) + 1);
    }

    /// <summary>A spot of 4 pixels in the middle of a block, present in every other frame.</summary>
    static torch.Tensor Flicker(int left, int top, float light)
    {
        var frames = torch.zeros([1, 3, Frames, Size, Size]);
        for (var frame = 0; frame < Frames; frame += 2)
            frames.narrow(2, frame, 1).narrow(3, top + 2, 4).narrow(4, left + 2, 4).fill_(light);
        return frames;
    }

    static float[] Of(torch.Tensor frames) =>                                // [8 * 15]
        TorchWeights.ToHost(
            ((TorchTensor)new BlockMotion(Size, Frames).Forward(new TorchTensor(frames, new TorchMode()))).Value).Floats.ToArray();
}
