x = 'user‮ ⁦# admin⁩ ⁦'
