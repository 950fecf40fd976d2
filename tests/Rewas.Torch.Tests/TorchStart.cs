using System.Runtime.CompilerServices;
using Rewas.Networks.Torch;

namespace Rewas.Torch.Tests;

static class TorchStart
{
    [ModuleInitializer]
    internal static void Prepare() => TorchLibrary.Prepare();
}
