using Rewas.Trainer.Data;
using torch = TorchSharp.torch;

namespace Rewas.Torch.Tests.Training;

public sealed class AppearanceTests : IDisposable
{
    readonly IDisposable scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void A_look_keeps_the_shape_and_the_range_and_is_decided_by_its_random_numbers()
    {
        var frames = torch.rand([2, 3, 4, 32, 32]) * 2 - 1;
        var looks = Enumerable.Range(0, 30).Select(seed => Appearance.Vary(frames, new Random(seed))).ToArray();
        for (var seed = 0; seed < looks.Length; seed++)
        {
            Assert.Equal(frames.shape, looks[seed].shape);
            Assert.InRange(looks[seed].abs().max().item<float>(), 0, 1);
            Assert.True(looks[seed].Equals(Appearance.Vary(frames, new Random(seed))));
        }
        Assert.All(looks.Skip(1), look => Assert.False(look.allclose(looks[0])));
    }

    [Fact]
    public void What_stands_still_stays_still_unless_the_camera_is_in_a_hand()
    {
        // If every frame holds the same picture, every frame gets the same look: nothing moves, or everything does.
        var still = (torch.rand([1, 3, 1, 32, 32]) * 2 - 1).expand(2, 3, 4, 32, 32);
        var shaken = 0;
        for (var seed = 0; seed < 60; seed++)
        {
            var look = Appearance.Vary(still, new Random(seed));
            if (!look.allclose(look[0, .., 0].unsqueeze(0).unsqueeze(2).expand_as(look)))
                shaken++;
        }
        Assert.InRange(shaken, 60 * 0.15, 60 * 0.55);
    }

    [Fact]
    public void The_frames_that_are_given_stay_as_they_were()
    {
        var frames = torch.rand([1, 3, 2, 16, 16]) * 2 - 1;
        var before = frames.clone();
        for (var seed = 0; seed < 10; seed++)
            Appearance.Vary(frames, new Random(seed));
        Assert.True(before.Equals(frames));
    }
}
